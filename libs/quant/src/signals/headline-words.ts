/** Characters of a text that are read: a headline is shorter, and a hostile line costs no more. */
const LONGEST_TEXT = 2_000;

/** The lower-case words of a headline, in order, from its first 2,000 characters; figures and other scripts give none. */
export function headlineWords(text: string): readonly string[] {
  return (
    text
      .slice(0, LONGEST_TEXT)
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[a-z][a-z'-]*/g) ?? []
  );
}
