import { writeFileSync } from 'node:fs';
import { InputError, nearestWord, type IsoDate } from '@allostat/kernel';
import type { SignalSnapshotPublished, Universe } from '@allostat/pipeline';
import { note, printResult } from '../cli/output';
import { regimeChart } from '../plot/regime-chart';
import type { RegimeOptions } from './regime';
import { CHALLENGERS, challengerPath } from './regime-challenger';
import { championPath } from './regime-champion';
import type { RegimePath } from './regime-path';
import { readPriceHistory } from './signals-history';
import { snapshotsOf } from './signals-snapshots';

const TRAINING_SHARE = 0.55;
const CAUSES_SHOWN = 2;

/** Trains a regime model on the first part of a price file, filters the rest, and prints the path. */
export async function runRegime(options: RegimeOptions): Promise<void> {
  const pathOf = pathMaker(options.model);
  const history = await readPriceHistory(options);
  const equity = equityOf(history.universe, options.universe);
  const snapshots = snapshotsOf(history);
  const split = { trainUntil: trainUntilOf(snapshots, options.trainUntil) };
  const path = pathOf(snapshots, split);
  if (options.plot !== undefined) draw(options.plot, snapshots, path, equity);
  const { training: _training, ...result } = path;
  printResult(result, describe(path), options);
}

const CHAMPION = 'student-t-hmm';

/** How a model makes its path. A name that no model has is refused, with those that there are. */
function pathMaker(model: string): typeof championPath {
  if (model === CHAMPION) return championPath;
  if (Object.hasOwn(CHALLENGERS, model)) return (...given) => challengerPath(model, ...given);
  const known = [CHAMPION, ...Object.keys(CHALLENGERS)];
  const near = nearestWord(model, known);
  throw new InputError(
    `there is no model ${model}; there are ${known.join(', ')}`,
    { field: 'model' },
    near?.startsWith('did you mean') ? near : 'docs/guides/regimes.md says what each is good for',
    'REGIME.UNKNOWN_MODEL',
  );
}

/** The instrument whose price the regimes are seen in. */
function equityOf({ equityProxy, instruments }: Universe, file: string): string {
  const equity = equityProxy ?? instruments.find(({ assetClass }) => assetClass === 'equity')?.id;
  if (equity !== undefined) return equity;
  throw new InputError(
    `${file} has no instrument of class equity; regimes are read from an equity market first`,
    { file, field: 'instruments' },
    'add one, or name it as equityProxy',
  );
}

function trainUntilOf(snapshots: readonly SignalSnapshotPublished[], wanted: IsoDate | undefined): IsoDate {
  const [first, last] = [snapshots[0].asOf, snapshots[snapshots.length - 1].asOf];
  if (wanted === undefined) return snapshots[Math.floor(snapshots.length * TRAINING_SHARE)].asOf;
  if (wanted >= first && wanted < last) return wanted;
  throw new InputError(
    `--train-until ${wanted} leaves nothing to train on or nothing to filter: the bars run from ${first} to ${last}`,
    { field: 'train-until' },
    'give a date between them',
  );
}

function draw(file: string, snapshots: readonly SignalSnapshotPublished[], path: RegimePath, equity: string): void {
  const closes = new Map(
    snapshots.map(({ asOf, instruments }) => [asOf, instruments.find(({ id }) => id === equity)?.close]),
  );
  const prices = path.dates.map((date) => closes.get(date));
  const svg = regimeChart({ ...path, names: path.states, prices, instrument: equity });
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`, { file }, 'check the folder');
  }
  note(`drawn: ${file}`);
}

function describe(path: RegimePath): string[] {
  const last = path.dates.length - 1;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const share = (name: string): number => path.regime.filter((regime) => regime === name).length / path.regime.length;
  return [
    `${path.model}, trained on ${path.training.from} to ${path.training.to}, filtered to ${path.dates[last]}: ${path.dates.length} bars`,
    `${'regime'.padEnd(12)}${'share of bars'.padStart(15)}${'probability now'.padStart(17)}`,
    ...path.states.map(
      (name, k) =>
        `${name.padEnd(12)}${percent(share(name)).padStart(15)}${percent(path.probabilities[last][k]).padStart(17)}`,
    ),
    `now ${path.regime[last]}; ${path.alerts.length} changes of name`,
    ...path.alerts.map(({ at, from, to, probability, causes }) => {
      const why = causes.slice(0, CAUSES_SHOWN).map(({ feature, value }) => `${feature} ${value.toFixed(4)}`);
      return `${at}  ${from} -> ${to}  ${percent(probability)}  ${why.join(', ')}`;
    }),
    ...path.forecasts.map(({ horizonBars, forecasts, logScore, brier, persistenceBrier }) => {
      const ahead = `${horizonBars} bar${horizonBars === 1 ? '' : 's'} ahead`;
      return `${forecasts} forecasts ${ahead}: log score ${logScore.toFixed(3)}, Brier ${brier.toFixed(3)} (${persistenceBrier.toFixed(3)} when the name is said to stay)`;
    }),
    ...(path.logScore === null ? [] : [`log score ${path.logScore.toFixed(4)} nats a bar`]),
  ];
}
