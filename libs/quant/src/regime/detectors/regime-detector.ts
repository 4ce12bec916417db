/** What every detector keeps between bars, besides its own: the filtered probability of each state. Plain data. */
export interface DetectorState {
  readonly probabilities: readonly number[];
}

/**
 * A model of regimes as champion and challengers share it. An observation is a row of D numbers known at the close of a
 * bar; states are ordered from the calmest to the wildest by the scale of the first number.
 */
export interface RegimeDetector<Model, State extends DetectorState = DetectorState> {
  readonly id: string;
  /** Fits on the past; sees the whole history it is given. Throws `InvariantError` when it is too short. */
  fit(history: readonly (readonly number[])[]): Model;
  start(model: Model): State;
  /** One bar forward; uses only the state and the observation. */
  update(model: Model, state: State, observation: readonly number[]): State;
  /** Probabilities `bars` bars ahead. */
  forecast(model: Model, state: State, bars: number): readonly number[];
}

/** The path of filtered probabilities over a history, one row a bar. */
export function runDetector<M, S extends DetectorState>(
  detector: RegimeDetector<M, S>,
  model: M,
  observations: readonly (readonly number[])[],
): S[] {
  let state = detector.start(model);
  return observations.map((observation) => (state = detector.update(model, state, observation)));
}
