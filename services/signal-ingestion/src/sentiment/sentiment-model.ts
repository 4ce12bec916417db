/** Something that hears the tone of news. */
export interface SentimentModel {
  /** What it is and where it came from, for logs. */
  readonly name: string;
  /** Kind, version and hash (SHA-256) of what it scores by, as each headline that it heard is marked with. */
  readonly identity: string;
  /** Tone of each headline, -1 (bad for risky assets) to 1 (good), in the order given. Takes any text. */
  score(texts: readonly string[]): Promise<readonly number[]>;
}

/** Injection token of the `SentimentModel` that hears headlines which come without a tone. */
export const SENTIMENT_MODEL = Symbol('sentiment model');
