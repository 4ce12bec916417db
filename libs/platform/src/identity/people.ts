import { createHash, timingSafeEqual } from 'node:crypto';
import { NotAllowedError } from './not-allowed-error';
import { PeopleDirectory } from './people-directory';
import { isErased, readPeopleFile, type PeopleEntry, type Person } from './people-file';

/** Whoever must be told of the people in force before they are: when it throws, those before them stay in force. */
export interface PeopleLedger {
  changed(entries: readonly PeopleEntry[]): Promise<void>;
  /** The file cannot be used. */
  broken(error: unknown): Promise<void>;
}

/** Those whom the services know: what they may do, and the hashes of their local tokens. */
export class People {
  private known: { readonly people: readonly Person[]; readonly directory: PeopleDirectory };
  private ledger: PeopleLedger | undefined;
  private refreshing: Promise<unknown> = Promise.resolve();

  /** Throws `InputError` when two people claim one name or one subject. */
  constructor(
    entries: readonly PeopleEntry[],
    /** Where they are read again when it changes. */
    readonly file?: string,
  ) {
    this.known = knownFrom(entries);
  }

  /** Reads a people file; without one nobody is known. */
  static fromFile(file: string | undefined): People {
    return file === undefined ? new People([]) : new People(readPeopleFile(file), file);
  }

  /** Tells `ledger` of the people in force, now and before each change of them. */
  async keepIn(ledger: PeopleLedger): Promise<void> {
    this.ledger = ledger;
    if (this.file !== undefined) await this.refresh();
  }

  /**
   * Reads the file again: all of it is in force from then on, or nothing of it. Rejects, after the ledger was told, when it
   * cannot be used; those who were known stay known.
   */
  refresh(): Promise<void> {
    const next = this.refreshing.then(() => this.readAgain());
    this.refreshing = next.catch(() => undefined);
    return next;
  }

  private async readAgain(): Promise<void> {
    if (this.file === undefined) return;
    let entries: readonly PeopleEntry[];
    let known: typeof this.known;
    try {
      entries = readPeopleFile(this.file);
      known = knownFrom(entries);
    } catch (error) {
      await this.ledger?.broken(error);
      throw error;
    }
    await this.ledger?.changed(entries);
    this.known = known;
  }

  /** The person whose local token an `Authorization: Bearer ...` header carries. */
  authenticate(authorization: string | undefined): Person {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const digest = createHash('sha256')
      .update(token ?? '')
      .digest();
    const person = this.known.people.find(
      ({ tokenSha256 }) => tokenSha256 !== undefined && timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex')),
    );
    if (token === undefined || !person) {
      throw new NotAllowedError(401, 'the token is missing or not known', 'send `Authorization: Bearer TOKEN`');
    }
    return person;
  }

  /** The person that a provider's subject names, by what he is called there, his id, or a name he had. */
  bySubject(subject: string): Person | undefined {
    const id = this.known.directory.resolve(subject);
    return this.known.people.find((person) => person.id === id);
  }
}

function knownFrom(entries: readonly PeopleEntry[]): {
  readonly people: readonly Person[];
  readonly directory: PeopleDirectory;
} {
  const people = entries.filter((entry): entry is Person => !isErased(entry));
  const named = entries.map((entry) => {
    if (isErased(entry)) return { id: entry.id, roles: [] };
    const { subject, formerIds = [] } = entry;
    return { ...entry, formerIds: subject === undefined || subject === entry.id ? formerIds : [...formerIds, subject] };
  });
  return { people, directory: new PeopleDirectory(named) };
}
