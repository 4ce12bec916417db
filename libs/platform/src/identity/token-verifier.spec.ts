import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { TokenIssuer } from './token-issuer';
import { TokenRefusedError, TokenVerifier } from './token-verifier';

const NOW = new Date('2024-05-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const issuer = 'https://identity.example';
const audience = 'allostat';

let own: Awaited<ReturnType<typeof generateKeyPair>>;
let stranger: Awaited<ReturnType<typeof generateKeyPair>>;
let verifier: TokenVerifier;

beforeAll(async () => {
  own = await generateKeyPair('RS256');
  stranger = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }] };
  verifier = new TokenVerifier({ issuer, audience, keys }, () => NOW);
}, 60_000); // making two RSA keys takes long where others compute too

type SigningKey = typeof own.privateKey;
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

const CLAIMS: JWTPayload = { iss: issuer, aud: audience, sub: 'pat', iat: SECONDS, exp: SECONDS + 600 };
const token = (
  claims: Loose<JWTPayload> = {},
  header: Loose<JWTHeaderParameters> = {},
  key: SigningKey = own.privateKey,
): Promise<string> => {
  const payload = Object.fromEntries(
    Object.entries({ ...CLAIMS, ...claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header } as JWTHeaderParameters)
    .sign(key);
};
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

it('a good token says who it is', async () => {
  await expect(verifier.verify(await token())).resolves.toMatchObject({ sub: 'pat' });
});

describe('a token is refused', () => {
  it.each<[string, () => Promise<string>]>([
    ['without a signature: alg none', async () => `${part({ alg: 'none', kid: 'key-1' })}.${part(CLAIMS)}.`],
    ['without a signature: alg None', async () => `${part({ alg: 'None', kid: 'key-1' })}.${part(CLAIMS)}.`],
    ['with the signature cut off', async () => `${(await token()).split('.').slice(0, 2).join('.')}.`],
    [
      'signed with the public key as a shared secret (RS to HS)',
      async () => {
        const input = `${part({ alg: 'HS256', kid: 'key-1' })}.${part(CLAIMS)}`;
        const secret = await exportSPKI(own.publicKey);
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      },
    ],
    ['signed by another key', () => token({}, {}, stranger.privateKey)],
    ['with an unknown key id', () => token({}, { kid: 'key-2' })],
    ['with a key id that is a path', () => token({}, { kid: '../../dev/null' })],
    ['with a key id that is SQL', () => token({}, { kid: "' union select 'x" })],
    ['without a key id', () => token({}, { kid: undefined })],
    [
      'with its own key in the header (jwk)',
      async () => token({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
    ],
    [
      'with its own key beside a good signature (jwk)',
      async () => token({}, { jwk: await exportJWK(stranger.publicKey) }),
    ],
    ['with the address of a key (jku)', () => token({}, { jku: 'https://evil.example/keys' })],
    ['with the address of a certificate (x5u)', () => token({}, { x5u: 'https://evil.example/cert' })],
    [
      'with an extension that must be understood (crit)',
      () =>
        token({}, { crit: ['exp'] }).catch(
          () => `${part({ alg: 'RS256', kid: 'key-1', crit: ['exp'] })}.${part(CLAIMS)}.AAAA`,
        ),
    ],
    ['of another issuer', () => token({ iss: 'https://evil.example' })],
    ['of an issuer that only begins like ours', () => token({ iss: `${issuer}.evil.example` })],
    ['for another audience', () => token({ aud: 'another-service' })],
    ['for nobody in particular', () => token({ aud: undefined })],
    ['without an issuer', () => token({ iss: undefined })],
    ['that has expired', () => token({ exp: SECONDS - 31 })],
    ['that never expires', () => token({ exp: undefined })],
    ['that is not valid yet', () => token({ nbf: SECONDS + 60 })],
    ['that was issued in the future', () => token({ iat: SECONDS + 60 })],
    ['that does not say when it was issued', () => token({ iat: undefined })],
    ['that names nobody', () => token({ sub: undefined })],
    ['that names nobody: empty', () => token({ sub: '' })],
    ['that is no token', async () => 'a.b.c'],
    ['that is empty', async () => ''],
  ])('%s', async (_what, make) => {
    await expect(verifier.verify(await make())).rejects.toThrow(TokenRefusedError);
  });

  it('with any one character of it changed', async () => {
    const good = await token();
    for (let at = 0; at < good.length; at += 7) {
      if (good[at] === '.') continue;
      const changed = good.slice(0, at) + (good[at] === 'A' ? 'Q' : 'A') + good.slice(at + 1);
      if (
        Buffer.from(changed.split('.')[2], 'base64url').equals(Buffer.from(good.split('.')[2], 'base64url')) &&
        changed.split('.').slice(0, 2).join() === good.split('.').slice(0, 2).join()
      )
        continue;
      await expect(verifier.verify(changed)).rejects.toThrow(TokenRefusedError);
    }
  });
});

it('half a minute between clocks is forgiven, no more', async () => {
  await expect(verifier.verify(await token({ exp: SECONDS - 29 }))).resolves.toBeDefined();
  await expect(verifier.verify(await token({ iat: SECONDS + 29 }))).resolves.toBeDefined();
});

it('the built-in issuer gives tokens that hold for a quarter of an hour', async () => {
  const builtIn = await TokenIssuer.create({ issuer: 'local', audience, now: () => NOW });
  const at = (minutes: number): TokenVerifier =>
    new TokenVerifier(
      { issuer: 'local', audience, keys: builtIn.keys },
      () => new Date(NOW.getTime() + minutes * 60_000),
    );
  const issued = await builtIn.issue('riley');
  await expect(at(14).verify(issued)).resolves.toMatchObject({ sub: 'riley' });
  await expect(at(16).verify(issued)).rejects.toThrow(TokenRefusedError);
});
