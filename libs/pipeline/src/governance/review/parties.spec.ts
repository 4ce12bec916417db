import { boundPeople, requireIndependence, requireNewDecider, type Part, type Party } from './parties';

const party = (person: string, part: Part = 'maker'): Party => ({ person, part });
const refusalOf = (run: () => void): { code: string; message: string } | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error as { code: string; message: string };
  }
};

describe('whoever had a hand in the content', () => {
  it.each([
    ['maker', 'GOVERNANCE.MAKER_CANNOT_DECIDE', /made this proposal/],
    ['editor', 'GOVERNANCE.PARTY_CANNOT_DECIDE', /edited this proposal/],
    ['model-developer', 'GOVERNANCE.PARTY_CANNOT_DECIDE', /developed the model/],
    ['data-overrider', 'GOVERNANCE.PARTY_CANNOT_DECIDE', /overrode data/],
    ['delegator', 'GOVERNANCE.PARTY_CANNOT_DECIDE', /act in his name/],
  ] as const)('as %s cannot decide', (part, code, message) => {
    const refusal = refusalOf(() => requireIndependence({ actor: 'ann' }, [party('ann', part)], []));
    expect(refusal?.code).toBe(code);
    expect(refusal?.message).toMatch(message);
    expect(refusal).toMatchObject({ status: 403 });
  });

  it('cannot let another decide for him', () => {
    expect(
      refusalOf(() => requireIndependence({ actor: 'bob', onBehalfOf: 'ann' }, [party('ann')], []))?.message,
    ).toMatch(/^ann made this proposal/);
  });

  it('binds those who let him act for them, through any number of steps and round in a circle', () => {
    const links = [
      { from: 'dan', to: 'cat' },
      { from: 'cat', to: 'bob' },
      { from: 'bob', to: 'ann' },
      { from: 'ann', to: 'dan' },
      { from: 'fay', to: 'eve' },
    ];
    const bound = boundPeople([party('ann', 'editor')], links);
    expect([...bound]).toEqual([
      ['ann', 'editor'],
      ['bob', 'delegator'],
      ['cat', 'delegator'],
      ['dan', 'delegator'],
    ]);
    expect(refusalOf(() => requireIndependence({ actor: 'dan' }, [party('ann')], links))?.message).toMatch(/^dan let/);
    expect(refusalOf(() => requireIndependence({ actor: 'fay' }, [party('ann')], links))).toBeUndefined();
  });

  it('does not bind his own delegate, who decides for himself', () => {
    const links = [{ from: 'ann', to: 'bob' }];
    expect(refusalOf(() => requireIndependence({ actor: 'bob' }, [party('ann')], links))).toBeUndefined();
  });

  it('keeps the first part that is known of a person', () => {
    expect([...boundPeople([party('ann', 'maker'), party('ann', 'editor')], [])]).toEqual([['ann', 'maker']]);
  });
});

describe('nobody decides twice', () => {
  it.each([
    ['in his own name', { actor: 'ann' }, [{ actor: 'ann' }]],
    ['after another did so for him', { actor: 'ann' }, [{ actor: 'bob', onBehalfOf: 'ann' }]],
    ['through another after he did so himself', { actor: 'bob', onBehalfOf: 'ann' }, [{ actor: 'ann' }]],
    ['for himself after he did so for another', { actor: 'bob' }, [{ actor: 'bob', onBehalfOf: 'ann' }]],
    ['for two others', { actor: 'bob', onBehalfOf: 'cat' }, [{ actor: 'bob', onBehalfOf: 'ann' }]],
  ])('%s', (_how, decider, earlier) => {
    expect(refusalOf(() => requireNewDecider(decider, earlier))).toMatchObject({
      code: 'GOVERNANCE.ALREADY_DECIDED',
      message: expect.stringMatching(/^(ann|bob) has already decided/) as string,
    });
  });

  it('two people do', () => {
    expect(refusalOf(() => requireNewDecider({ actor: 'ann' }, [{ actor: 'bob', onBehalfOf: 'cat' }]))).toBeUndefined();
    expect(refusalOf(() => requireNewDecider({ actor: 'ann' }, []))).toBeUndefined();
  });
});
