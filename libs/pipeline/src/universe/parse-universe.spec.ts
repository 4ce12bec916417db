import { parseUniverse } from './parse-universe';

const least = { id: 'u', currency: 'USD', instruments: [{ id: 'SPY', assetClass: 'equity' }] };

describe('parseUniverse', () => {
  it('accepts the least universe and gives it version 1', () => {
    expect(parseUniverse(least, 'u.yaml')).toMatchObject({ version: 1, instruments: [{ id: 'SPY' }] });
  });
  it.each([
    [{ ...least, currency: 'dollars' }, /currency: a currency is three capital letters/],
    [{ ...least, instruments: [{ id: 'SPY', assetClass: 'stocks' }] }, /instruments.0.assetClass/],
    [{ ...least, instruments: [...least.instruments, ...least.instruments] }, /SPY is listed twice/],
    [{ ...least, equityProxy: 'QQQ' }, /equityProxy QQQ is not among the instruments/],
    [{ ...least, instrument: [] }, /instrument/],
  ])('refuses %j', (document, message) => {
    expect(() => parseUniverse(document, 'u.yaml')).toThrow(message);
  });
});
