import { InputError } from '@allostat/kernel';
import { People } from '@allostat/platform';
import { signalIngestion, type QuarantineCase } from '@allostat/signal-ingestion';
import { printResult } from '../cli/output';
import { GovernanceClient } from '../governance-client';
import { Home } from '../home';
import { withStage } from '../line/with-stage';
import type { QuarantineOptions } from './quarantine';

type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;

const FILTERS = ['universe', 'series', 'severity', 'open', 'after'] as const;

export async function listCases(
  options: QuarantineOptions & { readonly [filter in (typeof FILTERS)[number]]?: string | boolean },
): Promise<void> {
  const query = new URLSearchParams();
  for (const filter of FILTERS) if (options[filter] !== undefined) query.set(filter, String(options[filter]));
  const cases = await withIngestion(options, (call) => call<QuarantineCase[]>('GET', `/quarantine?${String(query)}`));
  printResult(cases, cases.length === 0 ? ['nothing was set aside'] : cases.map(brief), options);
}

export async function showCase(id: string, options: QuarantineOptions): Promise<void> {
  print(await withIngestion(options, (call) => call('GET', `/quarantine/${encodeURIComponent(id)}`)), options);
}

export async function releaseCase(id: string, options: QuarantineOptions & { readonly reason: string }): Promise<void> {
  await decide(id, { action: 'release', reason: options.reason }, options);
}

export async function correctCase(
  id: string,
  options: QuarantineOptions & { readonly reason: string; readonly value: string },
): Promise<void> {
  const value = Number(options.value);
  if (options.value.trim() === '' || !Number.isFinite(value))
    throw new InputError(`--value ${options.value}: it must be a number`, { field: 'value' });
  await decide(id, { action: 'correct', value, reason: options.reason }, options);
}

async function decide(id: string, body: unknown, options: QuarantineOptions): Promise<void> {
  const path = `/quarantine/${encodeURIComponent(id)}/decisions`;
  print(await withIngestion(options, (call) => call('POST', path, body)), options);
}

/** Calls the instance that runs on this home, or signal ingestion alone, started for the call. */
async function withIngestion<T>({ as: token, url }: QuarantineOptions, work: (call: Call) => Promise<T>): Promise<T> {
  if (token === undefined) throw new InputError('--as TOKEN is missing', { field: 'as' }, 'or set ALLOSTAT_TOKEN');
  const callAt =
    (address: string): Call =>
    (method, path, body) =>
      new GovernanceClient(address).call(method, path, token, body);
  const home = new Home();
  const given = url ?? home.running()?.ingestionUrl;
  if (given !== undefined) return work(callAt(given));
  const definition = signalIngestion({ people: People.fromFile(home.people().file) });
  return withStage(definition, { home, serve: true }, (stage) => work(callAt(stage.url as string)));
}

function print(found: QuarantineCase, options: QuarantineOptions): void {
  const { finding, overrides, foundAt } = found;
  const lines = [
    brief(found),
    `  ${finding.reason} (${finding.observed} against ${finding.limit}), found ${foundAt}`,
    `  before it: ${finding.neighbours.map(({ eventTime, value }) => `${eventTime} ${value}`).join(', ') || 'nothing'}`,
    ...overrides.map(({ action, by, at, reason, observation, used }) => {
      const effect = used ? 'used from the next bar on' : 'stored; no signal reads it any more';
      return `  ${action === 'release' ? 'released' : 'corrected'} to ${observation.value} by ${by} on ${at}: ${reason}; ${effect}`;
    }),
  ];
  printResult(found, lines, options);
}

function brief({ id, finding: { observation, rule, severity, owner }, overrides }: QuarantineCase): string {
  const { seriesId, eventTime, value } = observation;
  const state = overrides.length === 0 ? 'open' : overrides.at(-1)?.action === 'release' ? 'released' : 'corrected';
  return `${id}  ${eventTime}  ${seriesId}  ${value ?? 'no value'}  ${rule} (${severity}, ${owner ?? 'no owner'})  ${state}`;
}
