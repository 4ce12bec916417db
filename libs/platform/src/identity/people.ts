import { createHash, timingSafeEqual } from 'node:crypto';
import { NotAllowedError } from './not-allowed-error';
import { PeopleDirectory } from './people-directory';
import { isErased, readPeopleFile, type PeopleEntry, type Person } from './people-file';

/** Those whom the services know: what they may do, and the hashes of their local tokens. */
export class People {
  private readonly directory: PeopleDirectory;

  private readonly people: readonly Person[];

  /** Throws `InputError` when two people claim one name or one subject. */
  constructor(entries: readonly PeopleEntry[]) {
    this.people = entries.filter((entry): entry is Person => !isErased(entry));
    this.directory = new PeopleDirectory(
      entries.map((entry) => {
        if (isErased(entry)) return { id: entry.id, roles: [] };
        const { subject, formerIds = [] } = entry;
        return {
          ...entry,
          formerIds: subject === undefined || subject === entry.id ? formerIds : [...formerIds, subject],
        };
      }),
    );
  }

  /** Reads a people file; without one nobody is known. */
  static fromFile(file: string | undefined): People {
    return new People(file === undefined ? [] : readPeopleFile(file));
  }

  /** The person whose local token an `Authorization: Bearer ...` header carries. */
  authenticate(authorization: string | undefined): Person {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const digest = createHash('sha256')
      .update(token ?? '')
      .digest();
    const person = this.people.find(
      ({ tokenSha256 }) => tokenSha256 !== undefined && timingSafeEqual(digest, Buffer.from(tokenSha256, 'hex')),
    );
    if (token === undefined || !person) {
      throw new NotAllowedError(401, 'the token is missing or not known', 'send `Authorization: Bearer TOKEN`');
    }
    return person;
  }

  /** The person that a provider's subject names, by what he is called there, his id, or a name he had. */
  bySubject(subject: string): Person | undefined {
    const id = this.directory.resolve(subject);
    return this.people.find((person) => person.id === id);
  }
}
