import { UndecodableMessageError } from '../messaging/event-codec';
import { failureKind, isConflict, NotReadyError } from './failure-kind';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('failureKind', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a server that shuts down', coded('57P01')],
    ['a full disk', coded('53100')],
    ['a deadlock', coded('40P01')],
    ['a standby', coded('25006')],
    ['a broken driver connection', new Error('Connection terminated unexpectedly')],
    ['a wrapped database error', Object.assign(new Error('query failed'), { driverError: coded('08006') })],
    ['an error with an infrastructure cause', new Error('could not save', { cause: coded('ECONNRESET') })],
    ['all addresses refused', new AggregateError([coded('ECONNREFUSED')], '')],
    ['a lost broker', Object.assign(new Error('no leader'), { name: 'KafkaJSProtocolError', retriable: true })],
  ])('does not blame the message for %s', (_name, error) => {
    expect(failureKind(error)).toBe('infrastructure');
  });

  it.each([
    ['a broken constraint', coded('23505')],
    ['a bug', new TypeError('undefined is not a function')],
    ['something that is no error', 'text'],
    ['nothing', undefined],
    ['a code that only looks like a SQLSTATE class', coded('08')],
  ])('blames the message for %s', (_name, error) => {
    expect(failureKind(error)).toBe('failure');
  });

  it('knows what cannot be decoded and what is not ready yet', () => {
    expect(failureKind(new UndecodableMessageError('garbage'))).toBe('undecodable');
    expect(failureKind(new NotReadyError('the universe is not known yet'))).toBe('not-ready');
    expect(failureKind({ retriable: true })).toBe('not-ready');
  });

  it('calls a lost race a conflict, and a lost connection not', () => {
    expect(isConflict(Object.assign(new Error('x'), { driverError: coded('40001') }))).toBe(true);
    expect(isConflict(coded('08006'))).toBe(false);
  });
});
