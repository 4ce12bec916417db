import type { SimulatedMarket } from '@allostat/quant';
import type { Universe } from './universe';

/** The universe of a simulated market: its instruments, with macro series and news as context. */
export function simulatedUniverse(market: Pick<SimulatedMarket, 'instruments' | 'macro'>, id = 'demo'): Universe {
  const macro = [...new Set(market.macro.map((release) => release.seriesId))].sort();
  return {
    id,
    version: 1,
    currency: 'USD',
    instruments: market.instruments.map((instrument) => ({ ...instrument })),
    context: [
      ...macro.map((seriesId) => ({ seriesId, role: 'macro' as const })),
      { seriesId: 'NEWS', role: 'sentiment' as const },
    ],
    equityProxy: 'US_EQUITY',
    bondProxy: 'US_TREASURY_10Y',
  };
}
