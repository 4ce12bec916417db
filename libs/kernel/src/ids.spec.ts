import { deterministicId } from './ids';
import { canonicalJson } from './canonical-json';
import { sha256Hex } from './hash';

it('makes a version 8 UUID that depends on every part', () => {
  const id = deterministicId('cause', 'RegimeAssessed', '0');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(deterministicId('cause', 'RegimeAssessed', '0')).toBe(id);
  expect(deterministicId('causeR', 'egimeAssessed', '0')).not.toBe(id);
});

it('hashes like FIPS 180-4 example "abc"', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('writes canonical JSON as RFC 8785 asks', () => {
  const example = {
    peach: 'This',
    péché: 'is',
    sin: 1e30,
    '€': [56.0, { d: true, '10': null, '1': [] }],
    none: undefined,
  };
  expect(canonicalJson(example)).toBe('{"peach":"This","péché":"is","sin":1e+30,"€":[56,{"1":[],"10":null,"d":true}]}');
});
