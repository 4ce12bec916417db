import { envelopeHeaders, readEnvelope, type Envelope } from './envelope';
import { UndecodableMessageError } from './event-codec';

const envelope: Envelope = {
  id: '0198f2a0-0000-8000-8000-000000000001',
  type: 'allostat.test.v1.Counted',
  source: 'counter',
  time: '2024-02-29T21:00:00.000Z',
  correlationId: 'c',
  causationId: 'b',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

describe('envelope', () => {
  it('comes back from its headers as it was', () => {
    expect(readEnvelope(envelopeHeaders(envelope))).toEqual(envelope);
    const { causationId, traceparent, ...least } = envelope;
    expect(readEnvelope(envelopeHeaders(least))).toEqual(least);
    expect([causationId, traceparent]).not.toContain(undefined);
  });

  it('starts a correlation of its own when a foreign sender gives none', () => {
    const headers = envelopeHeaders(envelope);
    delete headers['correlation-id'];
    expect(readEnvelope(headers).correlationId).toBe(envelope.id);
  });

  it.each([
    ['no ce_id', { ce_id: '' }, /ce_id is missing/],
    ['another version', { ce_specversion: '0.3' }, /must be 1.0/],
    ['a control character in the id', { ce_id: 'a\u0000b' }, /printable/],
    ['an impossible time', { ce_time: '2024-13-45T00:00:00Z' }, /ce_time/],
    ['a date without time', { ce_time: '2024-01-01' }, /ce_time/],
  ])('refuses %s', (_name, change, reason) => {
    const headers = { ...envelopeHeaders(envelope), ...change };
    expect(() => readEnvelope(headers)).toThrow(UndecodableMessageError);
    expect(() => readEnvelope(headers)).toThrow(reason);
  });
});
