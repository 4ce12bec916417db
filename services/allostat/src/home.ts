import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Role } from '@allostat/contracts';
import { AllostatError, type VerifierKey } from '@allostat/kernel';
import { SigningKey, readVerifierKeys, type Person, type AuditLogIdentity } from '@allostat/platform';

/** Which of the two databases of a home is meant: the reader's own data, or the demonstration, which starts afresh. */
export type Room = 'own' | 'demonstration';

export interface RunningInstance {
  readonly pid: number;
  readonly url: string;
  /** Address of signal ingestion's API; absent when its version did not say. */
  readonly ingestionUrl?: string;
  /** Address of the model lab's API; absent when its version did not say. */
  readonly modelLabUrl?: string;
  readonly databaseUrl: string;
}

const DEMONSTRATION_PEOPLE: readonly { id: string; name: string; roles: Role[] }[] = [
  { id: 'pat', name: 'Pat, portfolio manager', roles: ['portfolio-manager'] },
  { id: 'riley', name: 'Riley, risk', roles: ['risk'] },
  { id: 'casey', name: 'Casey, compliance', roles: ['compliance'] },
  { id: 'olga', name: 'Olga, operations', roles: ['operator'] },
  { id: 'feed', name: 'the market data feed', roles: ['data'] },
];

/** The folder that holds all state: `ALLOSTAT_HOME`, or `.allostat` here. */
export class Home {
  readonly folder: string;

  constructor(folder: string = process.env.ALLOSTAT_HOME ?? '.allostat') {
    this.folder = resolve(folder);
    mkdirSync(this.folder, { recursive: true });
  }

  databaseFolder(room: Room): string {
    return join(this.folder, room === 'own' ? 'postgres' : 'demonstration');
  }

  /** Forgets the last demonstration. */
  clearDemonstration(): void {
    rmSync(this.databaseFolder('demonstration'), { recursive: true, force: true });
  }

  /** Room that the last `up` or `ingest` worked in. */
  get room(): Room {
    const file = this.path('room');
    return existsSync(file) && readFileSync(file, 'utf8').trim() === 'demonstration' ? 'demonstration' : 'own';
  }

  set room(room: Room) {
    writeFileSync(this.path('room'), `${room}\n`);
  }

  /** The instance that runs on this home now, if one does. */
  running(): RunningInstance | undefined {
    const file = this.path('running.json');
    if (!existsSync(file)) return undefined;
    const instance = JSON.parse(readFileSync(file, 'utf8')) as RunningInstance;
    return isAlive(instance.pid) ? instance : undefined;
  }

  /** Says that this process runs on the home; returns how to take that back. */
  announce(instance: RunningInstance): () => void {
    writeFileSync(this.path('running.json'), JSON.stringify(instance), { mode: 0o600 });
    return () => rmSync(this.path('running.json'), { force: true });
  }

  /** Thrown away by `up`: two instances on one home would feed one database. */
  refuseSecondInstance(): void {
    const other = this.running();
    if (!other) return;
    throw new AllostatError(
      'HOME.IN_USE',
      `process ${other.pid} already runs on ${this.folder}`,
      'stop it, or set ALLOSTAT_HOME to another folder',
    );
  }

  /**
   * The people who may call here, made on first use, with their tokens. Tokens stand only in `tokens.json`, readable
   * by its owner; the services know their hashes, from `PEOPLE_FILE` or `people.json`.
   */
  people(): { readonly file: string; readonly tokens: Readonly<Record<string, string>> } {
    const file = process.env.PEOPLE_FILE ?? this.path('people.json');
    const tokensFile = this.path('tokens.json');
    if (!existsSync(file)) {
      const tokens = Object.fromEntries(
        DEMONSTRATION_PEOPLE.map(({ id }) => [id, `${id}-${randomBytes(18).toString('base64url')}`]),
      );
      const people: Person[] = DEMONSTRATION_PEOPLE.map((person) => ({
        ...person,
        tokenSha256: createHash('sha256').update(tokens[person.id]).digest('hex'),
      }));
      writeFileSync(tokensFile, JSON.stringify(tokens, null, 2), { mode: 0o600 });
      writeFileSync(file, JSON.stringify(people, null, 2));
    }
    // a people file that an operator has written has tokens elsewhere
    const tokens = existsSync(tokensFile) ? readFileSync(tokensFile, 'utf8') : '{}';
    return { file, tokens: JSON.parse(tokens) as Record<string, string> };
  }

  /** Name and key of this home's audit log; the key is made on first use, readable by its owner alone, in `GOVERNANCE_LOG_KEY_FILE` or `audit-key.pem`. */
  auditLog(): AuditLogIdentity {
    return {
      origin: 'allostat/governance',
      key: SigningKey.ensureFile(this.auditKeyFile),
    };
  }

  get auditKeyFile(): string {
    return process.env.GOVERNANCE_LOG_KEY_FILE ?? this.path('audit-key.pem');
  }

  /** Public keys of the witnesses, from `witnesses.txt`; none without it. */
  witnesses(): readonly VerifierKey[] {
    const file = this.path('witnesses.txt');
    return existsSync(file) ? readVerifierKeys(file) : [];
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
