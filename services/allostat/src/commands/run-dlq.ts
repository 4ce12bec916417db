import { STAGES } from '@allostat/contracts';
import { InputError } from '@allostat/kernel';
import { openDeadLetters, type DeadLetter, type DeadLetters } from '@allostat/platform';
import { printResult, type OutputOptions } from '../cli/output';
import { openDatabase } from '../database';
import { Home } from '../home';
import { ORDER_SYSTEM } from '../order-system/order-system.stage';

const SERVICES: readonly string[] = [...STAGES.map(({ name }) => name), ORDER_SYSTEM.name];

export async function listLetters(options: OutputOptions & { readonly all?: boolean }): Promise<void> {
  const letters = await withDatabase(async (url) => {
    const found: ReturnType<typeof view>[] = [];
    for (const service of SERVICES) {
      const rows = await withLetters(url, service, (each) => each.list({ redriven: options.all === true }));
      found.push(...rows.map((row) => view(service, row)));
    }
    return found;
  });
  const lines = letters.map(({ id, topic, partition, offset, reason, attempts }) => {
    return `${id}  ${topic}/${partition}@${offset}  after ${attempts} tries: ${reason}`;
  });
  printResult({ letters }, lines.length > 0 ? lines : ['nothing waits'], options);
}

export async function showLetter(id: string, options: OutputOptions): Promise<void> {
  const [service, row] = split(id);
  const letter = await withDatabase((url) => withLetters(url, service, (letters) => letters.show(row)));
  const shown = { ...view(service, letter), headers: letter.headers, valueBase64: letter.value.toString('base64') };
  const lines = Object.entries(shown).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  printResult(shown, lines, options);
}

export async function redriveLetters(ids: readonly string[], options: OutputOptions): Promise<void> {
  const redriven = await withDatabase(async (url) => {
    const sent: string[] = [];
    for (const id of ids) {
      const [service, row] = split(id);
      const done = await withLetters(url, service, async (letters) => {
        await letters.show(row); // names an unknown letter
        return letters.redrive([row]);
      });
      sent.push(...done.map((each) => `${service}/${each}`));
    }
    return sent;
  });
  const skipped = ids.filter((id) => !redriven.includes(id));
  printResult(
    { redriven, skipped },
    [...redriven.map((id) => `${id} is on its way again`), ...skipped.map((id) => `${id} was sent again before`)],
    options,
  );
}

function view(service: string, letter: DeadLetter) {
  const { id, topic, partition, offset, reason, attempts, at, redrivenAt, eventId, eventType } = letter;
  return {
    id: `${service}/${id}`,
    topic,
    partition,
    offset,
    reason,
    attempts,
    at: at.toISOString(),
    redrivenAt: redrivenAt?.toISOString() ?? null,
    eventId,
    eventType,
  };
}

function split(id: string): [string, string] {
  const [service, row] = id.split('/');
  if (!SERVICES.includes(service) || !row) {
    throw new InputError(
      `${id} is not the id of a dead letter`,
      { field: 'id' },
      'ids look like signal-ingestion/3; see `allostat dlq list`',
    );
  }
  return [service, row];
}

async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const database = await openDatabase(new Home());
  try {
    return await work(database.url);
  } finally {
    await database.close();
  }
}

async function withLetters<T>(url: string, service: string, work: (letters: DeadLetters) => Promise<T>): Promise<T> {
  const { letters, close } = openDeadLetters(url, service);
  try {
    return await work(letters);
  } finally {
    await close();
  }
}
