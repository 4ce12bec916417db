import type { IsoDate } from '@allostat/kernel';
import { adjustedRand, alignStates, assetMatrix, regimeTrees } from '@allostat/quant';
import { REGIME_NAMES, type RegimeAssessed, type RegimeName } from '../regime-detection/events';
import type { AssetClustersChanged } from './events';
import { regimeMoments } from './regime-moments';
import type { RiskModelState } from './risk-model';

/** Bars between two looks: clusters of regimes move slowly. */
const EVERY_BARS = 21;
/** Probability-weighted bars that every asset needs in a regime, and assets that a cluster analysis needs. */
const REGIME_BARS_MIN = 63;
const ASSETS_MIN = 4;

/** The clusters of each regime as they were told last. Plain data. */
export type RegimeClustersState = Readonly<Partial<Record<RegimeName, ClusterLabels>>>;

interface ClusterLabels {
  readonly asOf: IsoDate;
  readonly assets: readonly string[];
  /** Cluster of each asset, counted from 0. */
  readonly labels: readonly number[];
}

/**
 * Clusters the assets by how they move together in each regime, once a month of bars, and tells a regime's clusters when they are seen
 * for the first time and when an asset has changed sides. The number of clusters of a regime is chosen once and kept, so that a
 * change is one of the assets. Uses only bars so far.
 */
export function decideRegimeClusters(
  { universeId, asOf, bar, instruments }: Pick<RegimeAssessed, 'universeId' | 'asOf' | 'bar' | 'instruments'>,
  { regimeMoments: seen }: Pick<RiskModelState, 'regimeMoments'>,
  before: RegimeClustersState = {},
): { readonly state: RegimeClustersState; readonly events: readonly AssetClustersChanged[] } {
  if (bar % EVERY_BARS !== 0 || seen === undefined) return { state: before, events: [] };
  const listed = instruments.filter(({ close }) => close !== undefined).map(({ id }) => id);
  const everywhere = regimeMoments(seen, listed);
  let state = before;
  const events: AssetClustersChanged[] = [];
  for (const regime of REGIME_NAMES) {
    const own = everywhere.find((moments) => moments.regime === regime);
    const assets = listed.filter((_, i) => own !== undefined && own.bars[i] >= REGIME_BARS_MIN);
    if (assets.length < ASSETS_MIN) continue;
    const [moments] = regimeMoments(seen, assets).filter((one) => one.regime === regime);
    const varying = assets.every((_, i) => moments.covariance[i * assets.length + i] > 0);
    if (!varying) continue;
    const last = before[regime];
    const same = last !== undefined && sameAssets(last.assets, assets) ? last : undefined;
    const count = same === undefined ? {} : { clusters: Math.max(...same.labels) + 1 };
    const covariance = assetMatrix(assets, moments.covariance);
    const { trees } = regimeTrees([{ regime, covariance }], count);
    const labels = Array.from(trees[0].labels);
    const event = changeOf({ universeId, asOf, regime, assets, labels }, same);
    if (event === undefined) continue;
    state = { ...state, [regime]: { asOf, assets, labels } };
    events.push(event);
  }
  return { state, events };
}

const sameAssets = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

function changeOf(
  now: {
    readonly universeId: string;
    readonly asOf: IsoDate;
    readonly regime: RegimeName;
    readonly assets: readonly string[];
    readonly labels: readonly number[];
  },
  before: ClusterLabels | undefined,
): AssetClustersChanged | undefined {
  const { universeId, asOf, regime, assets, labels } = now;
  const clusters = groups(assets, labels);
  const told = { type: 'AssetClustersChanged', universeId, asOf, regime, clusters } as const;
  if (before === undefined) return { ...told, moved: [], agreement: 1 };
  const sizes = { before: Math.max(...before.labels) + 1, after: clusters.length };
  const { becomes } = alignStates(before.labels, labels, sizes);
  const old = groups(assets, before.labels);
  const moved = assets.flatMap((id, i) =>
    becomes[before.labels[i]] === labels[i]
      ? []
      : [{ id, from: without(old[before.labels[i]], id), to: without(clusters[labels[i]], id) }],
  );
  if (moved.length === 0) return undefined;
  const agreement = adjustedRand(Int32Array.from(before.labels), Int32Array.from(labels));
  return { ...told, moved, agreement, since: before.asOf };
}

const without = (members: readonly string[], id: string): string[] => members.filter((member) => member !== id);

function groups(assets: readonly string[], labels: readonly number[]): string[][] {
  return Array.from({ length: Math.max(...labels) + 1 }, (_, cluster) =>
    assets.filter((__, i) => labels[i] === cluster),
  );
}
