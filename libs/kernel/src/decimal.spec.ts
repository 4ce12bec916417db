import { fromDecimal, toDecimal } from './decimal';

describe('toDecimal', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [0.1, '0.1'],
  ])('writes %p as %p without exponent', (value, text) => {
    expect(toDecimal(value)).toBe(text);
  });

  it('reads back as the same double', () => {
    for (const x of [1 / 3, 2 ** -60, 5e-324, 123456789.123456789]) expect(fromDecimal(toDecimal(x))).toBe(x);
  });

  it('refuses what is not finite', () => {
    expect(() => toDecimal(NaN)).toThrow('a decimal must be finite');
  });
});

describe('fromDecimal', () => {
  it.each(['', ' 1', '1e5', 'NaN', '01', '.5', '1.'])('does not take %p', (text) => {
    expect(fromDecimal(text)).toBeUndefined();
  });
});
