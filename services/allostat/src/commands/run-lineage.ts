import { AllostatError, InputError } from '@allostat/kernel';
import { findProposal, optimizationStage, type KeptProposal } from '@allostat/optimization';
import { CLOSES_KEPT } from '@allostat/pipeline';
import { ArtefactStore, People } from '@allostat/platform';
import { signalIngestion, traceSeries, type TracedSeries } from '@allostat/signal-ingestion';
import { printResult } from '../cli/output';
import { Home } from '../home';
import { readOnly } from '../line/line-stages';
import { withStage } from '../line/with-stage';
import type { LineageOptions } from './lineage';

/** A weight, and what it was computed from. */
interface TracedWeight {
  readonly instrument: string;
  readonly targetWeight: number;
  readonly previousWeight: number;
  /** The price it is traded at, with the row it was read from. */
  readonly price?: { readonly close: number; readonly from?: TracedSeries['last'] };
}

/** Follows the weights of a proposal to the rows of the files that they were computed from. */
export async function runLineage(proposalId: string, options: LineageOptions): Promise<void> {
  const home = new Home();
  const kept = await withStage(readOnly(optimizationStage({ threads: 0 })), { home }, ({ units }) =>
    units.run((unit) => findProposal(unit.manager, new ArtefactStore(), proposalId)),
  );
  if (kept === undefined) {
    throw new AllostatError(
      'LINEAGE.UNKNOWN_PROPOSAL',
      `the optimizer made no proposal with the id ${proposalId}`,
      'weights that a person typed have no lineage but that person; see `allostat review show`',
    );
  }
  const { proposed, sources } = kept;
  const { universe } = sources;
  const instruments = universe.instruments.map(({ id }) => id);
  if (options.instrument !== undefined && !instruments.includes(options.instrument))
    throw new InputError(`${options.instrument} is not in universe ${universe.id}`, { field: 'instrument' });
  const context = (universe.context ?? []).map(({ seriesId }) => seriesId);
  const series = await withStage(readOnly(signalIngestion({ people: new People([]) })), { home }, ({ units }) =>
    units.run(({ manager }) =>
      traceSeries(manager, {
        seriesIds: [...instruments, ...context],
        until: proposed.asOf,
        knownBy: `${proposed.asOf}T23:59:59.999Z`,
        days: CLOSES_KEPT,
      }),
    ),
  );
  const weights = tracedWeights(kept, series, options.instrument);
  const result = {
    proposalId,
    asOf: proposed.asOf,
    weights,
    inputs: proposed.inputs,
    snapshot: { universeId: universe.id, universeVersion: universe.version, asOf: proposed.asOf },
    dataOverriders: proposed.dataOverriders ?? [], // nobody
    series,
    /** Series of the universe without a stored value in the window. */
    untraced: [...instruments, ...context].filter((id) => !series.some((traced) => traced.series === id)),
  };
  printResult(result, describe(result), options);
}

function tracedWeights(
  { proposed }: KeptProposal,
  series: readonly TracedSeries[],
  only: string | undefined,
): TracedWeight[] {
  return proposed.weights
    .filter(({ instrument }) => only === undefined || instrument === only)
    .map(({ instrument, targetWeight, previousWeight }) => {
      const close = proposed.prices.find(({ id }) => id === instrument)?.close;
      const from = series.find((traced) => traced.series === instrument)?.last;
      return {
        instrument,
        targetWeight,
        previousWeight,
        ...(close !== undefined && { price: { close, ...(from !== undefined && { from }) } }),
      };
    });
}

function describe(result: {
  readonly proposalId: string;
  readonly asOf: string;
  readonly weights: readonly TracedWeight[];
  readonly inputs: KeptProposal['proposed']['inputs'];
  readonly snapshot: { readonly universeId: string; readonly universeVersion: number };
  readonly dataOverriders: readonly string[];
  readonly series: readonly TracedSeries[];
  readonly untraced: readonly string[];
}): string[] {
  const { inputs, snapshot, dataOverriders } = result;
  return [
    `proposal ${result.proposalId} of ${result.asOf}`,
    ...result.weights.map(({ instrument, targetWeight, price }) => {
      const from = price?.from;
      const at = price === undefined ? 'no price' : `at ${price.close}${from ? `, ${placeOf(from)}` : ''}`;
      return `  ${instrument} ${targetWeight} ${at}`;
    }),
    `made from budget ${inputs.budget}, covariance ${inputs.riskModel}, holdings ${inputs.holdings}, mandate ${inputs.mandate}`,
    `snapshot of ${result.asOf}, universe ${snapshot.universeId} version ${snapshot.universeVersion}`,
    ...(dataOverriders.length > 0 ? [`values released or corrected by ${dataOverriders.join(', ')}`] : []),
    `observations known then, the last ${CLOSES_KEPT} days of each series:`,
    ...result.series.map(({ series, values, first, last, files }) => {
      return `  ${series}: ${values} values from ${first} to ${last.eventTime}; ${files.map(fileOf).join('; ')}`;
    }),
    ...(result.untraced.length > 0 ? [`no stored value: ${result.untraced.join(', ')}`] : []),
  ];
}

const placeOf = ({ file, row, eventTime }: TracedSeries['last']): string =>
  file === undefined ? `from a feed, ${eventTime}` : `${file}:${row}`;

const fileOf = ({ file, firstRow, lastRow, values }: TracedSeries['files'][number]): string =>
  file === undefined ? `${values} from a feed` : `${file}:${firstRow}-${lastRow}`;
