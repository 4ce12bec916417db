import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Universe } from '@allostat/pipeline';
import { readMandate } from './read-mandate';
import { readUniverse } from './read-universe';

const root = join(__dirname, '../../../..');
const example = readFileSync(join(root, 'examples/mandates/demo-balanced.yaml'), 'utf8');

describe('a mandate file', () => {
  let folder: string;
  let universe: Universe;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'allostat-'));
    universe = readUniverse(join(root, 'examples/universes/demo.yaml'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    const file = join(folder, 'm.yaml');
    writeFileSync(file, text);
    return readMandate(file, universe);
  };
  const refused = (from: string | RegExp, to: string) => {
    const text = example.replace(from, to);
    expect(text).not.toBe(example);
    try {
      read(text);
    } catch (error) {
      const { message, hint } = error as { message: string; hint?: string };
      const line = Number(/m\.yaml:(\d+):/.exec(message)?.[1]);
      return { message, hint, text: text.split('\n')[line - 1] };
    }
    throw new Error('was accepted');
  };

  it('is read as it stands in the examples', () => {
    expect(read(example)).toMatchObject({
      id: 'demo-balanced',
      version: 1,
      limits: { byAssetClass: { equity: { max: 0.6 } } },
    });
  });

  it('gets the days of the calendar that it names, and one that does not exist is refused with the nearest name', () => {
    const named = example.replace('rebalance:', 'calendar: XNYS\nrebalance:');
    expect(read(named).calendar).toMatchObject({ id: 'XNYS', weekend: ['saturday', 'sunday'] });
    const { message, hint, text } = refused('rebalance:', 'calendar: XNYZ\nrebalance:');
    expect(message).toMatch(/calendar: there is no calendar XNYZ/);
    expect(hint).toBe('did you mean XNYS?');
    expect(text).toBe('calendar: XNYZ');
  });

  it('with an unknown field is refused with its line and the nearest field', () => {
    const { message, hint, text } = refused('noTradeBand:', 'noTradeBandd:');
    expect(message).toMatch(/limits.noTradeBandd: is not a known field/);
    expect(hint).toBe('did you mean noTradeBand?');
    expect(text).toContain('noTradeBandd');
  });

  it('with a percent for a decimal is refused with the decimal', () => {
    const { hint, text } = refused('volatilityTarget: 0.07', 'volatilityTarget: 7');
    expect(hint).toBe('rates and weights are decimals: 7 percent is 0.07');
    expect(text).toContain('volatilityTarget: 7');
  });

  it('with limits that contradict each other is refused', () => {
    expect(refused('default: { min: 0, max: 0.30 }', 'default: { min: 0.5, max: 0.30 }').message).toMatch(
      /min is above max/,
    );
    expect(refused('default: { min: 0, max', 'default: { min: 0.2, max').message).toMatch(/minimum weights sum to/);
  });

  it.each([
    [
      'a class that cannot reach its minimum',
      'gold: { min: 0, max: 0.15 }',
      'gold: { min: 0.4, max: 0.5 }',
      /gold.min: asks for at least 0.4/,
      '0.3',
    ],
    [
      'an anchor above its own limit',
      'gold: { min: 0, max: 0.15 }',
      'gold: { min: 0, max: 0.02 }',
      /the anchor holds 0.05 of gold/,
      '0.05',
    ],
    [
      'an instrument of the anchor above its maximum',
      'default: { min: 0, max: 0.30 }',
      'default: { min: 0, max: 0.2 }',
      /anchorWeights.US_EQUITY: is 0.3, above/,
      '0.2',
    ],
    ['turnover below the band', 'maxTurnover: 0.40', 'maxTurnover: 0.001', /nothing could ever be traded/, '0.005'],
    [
      'maxima that do not reach 1',
      'default: { min: 0, max: 0.30 }',
      'default: { min: 0, max: 0.001 }\n  byInstrument: { CASH: { min: 0, max: 0.5 } }',
      /they must reach 1/,
      'nearest default maximum',
    ],
    ['an exposure cut in percent', 'regimeCut: 0.6', 'regimeCut: 60', /construction.regimeCut/, '0.6'],
    [
      'a misspelt part of the construction',
      'drawdownMultiple:',
      'drawdownMultiples:',
      /is not a known field/,
      'drawdownMultiple',
    ],
    ['groups without the core that needs them', 'core: anchor', 'core: group-budgets', /groups go with core/, ''],
  ])('with %s is refused with the nearest valid value', (_what, from, to, reason, nearest) => {
    const { message, hint } = refused(from, to);
    expect(message).toMatch(reason);
    expect(hint ?? '').toContain(nearest);
  });

  describe('with several objectives', () => {
    const file = readFileSync(join(root, 'examples/mandates/etf37-objectives.yaml'), 'utf8');
    const funds = readUniverse(join(root, 'examples/universes/etf37.yaml'));
    const readFunds = (text: string) => {
      const path = join(folder, 'objectives.yaml');
      writeFileSync(path, text);
      return readMandate(path, funds);
    };

    it('is read as it stands in the examples', () => {
      const { construction, risk, trading } = readFunds(file);
      expect(construction?.objective?.terms).toMatchObject({ expectedReturn: 1, tax: 1 });
      expect(risk.preservation).toEqual({ floor: 0.85, horizonBars: 252, confidence: 0.95 });
      expect(trading?.lots).toEqual({ SPY: 1, IEF: 1 });
    });

    it.each<[string, string, string, RegExp, RegExp | undefined]>([
      ['an unknown term', 'cvar: 0.05', 'cvarr: 0.05', /terms/, undefined],
      ['no hold near the target', 'squaredDistance: 0.2, ', '', /squaredDistance, which holds/, undefined],
      [
        'a volatility limit in percent',
        'maxVolatility: 0.15',
        'maxVolatility: 15',
        /maxVolatility/,
        /15 percent is 0.15/,
      ],
      ['a tail budget in percent', 'cvar: 0.015', 'cvar: 1.5', /risk.tailBudget.cvar/, /1.5 percent is 0.015/],
      ['a floor in percent', 'floor: 0.85', 'floor: 85', /risk.preservation.floor/, /85 percent is 0.85/],
      ['a horizon of no whole bars', 'horizonBars: 252', 'horizonBars: 20.5', /horizonBars/, undefined],
      [
        'a confidence turned round',
        'cvar: 0.015, confidence: 0.95',
        'cvar: 0.015, confidence: 0.05',
        /confidence/,
        undefined,
      ],
      [
        'an unknown field of trading',
        'participationMax',
        'participationMaximum',
        /participationMaximum/,
        /participationMax/,
      ],
      ['a tax rate in percent', 'shortTermRate: 0.37', 'shortTermRate: 37', /shortTermRate/, /37 percent is 0.37/],
      ['lots of an unknown fund', 'lots: { SPY: 1, IEF: 1 }', 'lots: { SPX: 1 }', /SPX is not in universe/, undefined],
      ['another currency', 'currency: USD', 'currency: EUR', /currency: is EUR.*priced in USD/, /use USD/],
      ['a tax term without rates', /, longTermDays: 365 }/.source, '', /./, undefined],
    ])('with %s is refused, with its line', (_name, from, to, message, hint) => {
      const text = from.startsWith(',') ? file.replace(/ {2}taxes: .*\n/, '') : file.replace(from, to);
      expect(text).not.toBe(file);
      let error: { message: string; hint?: string } | undefined;
      try {
        readFunds(text);
      } catch (thrown) {
        error = thrown as typeof error;
      }
      expect(error?.message).toMatch(/objectives\.yaml:\d+: /);
      expect(error?.message).toMatch(message);
      if (hint) expect(error?.hint).toMatch(hint);
    });
  });

  it('with weights that do not sum to one, or an unknown instrument, is refused', () => {
    expect(refused('GOLD: 0.05', 'GOLD: 0.06').message).toMatch(/weights sum to 1.01/);
    expect(refused('GOLD: 0.05', 'SILVER: 0.05').message).toMatch(
      /anchorWeights.SILVER: SILVER is not in universe demo/,
    );
  });

  it('that is not YAML is refused with the line', () => {
    expect(() => read('id: [')).toThrow(/m\.yaml:\d+:/);
  });

  it('that is not there is named', () => {
    expect(() => readMandate(join(folder, 'none.yaml'), universe)).toThrow(/none.yaml cannot be read/);
  });
});
