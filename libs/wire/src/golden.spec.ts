import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS } from '@allostat/contracts';
import { decodeEvent, encodeEvent } from './codec';
import { MAPPERS } from './mappers';
import { SAMPLE_EVENTS } from './samples';

const golden = join(__dirname, '..', 'golden');
const file = (type: string): string => join(golden, `${type}.hex`);

// New messages get their sample with ALLOSTAT_WRITE_GOLDEN=1; an existing file is never rewritten.
if (process.env.ALLOSTAT_WRITE_GOLDEN) {
  for (const event of SAMPLE_EVENTS) {
    try {
      writeFileSync(file(event.type), Buffer.from(encodeEvent(event).value).toString('hex') + '\n', { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

describe('golden samples', () => {
  it('stand for every event, and no other file is there', () => {
    const types = MAPPERS.map((mapper) => mapper.type).sort();
    expect(SAMPLE_EVENTS.map((event) => event.type).sort()).toEqual(types);
    expect(readdirSync(golden).sort()).toEqual(types.map((type) => `${type}.hex`).sort());
  });

  it.each(SAMPLE_EVENTS.map((event) => [event.type, event] as const))(
    '%s decodes from its stored bytes for ever',
    (type, event) => {
      const value = Buffer.from(readFileSync(file(type), 'utf8').trim(), 'hex');
      const { topic, type: messageType } = encodeEvent(event);
      expect(decodeEvent({ topic, type: messageType, value })).toEqual(event);
    },
  );

  it.each(SAMPLE_EVENTS.map((event) => [event.type, event] as const))(
    '%s survives the way out and back',
    (_type, event) => {
      expect(decodeEvent(encodeEvent(event))).toEqual(event);
    },
  );
});

it('every message travels on the topic that the registry names, and every topic is used', () => {
  const registered = TOPICS.flatMap((topic) => topic.messages.map((message) => `${topic.name} ${message}`)).sort();
  expect(MAPPERS.map((mapper) => `${mapper.topic} ${mapper.schema.typeName}`).sort()).toEqual(registered);
});
