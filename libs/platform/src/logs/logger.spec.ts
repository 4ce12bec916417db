import { createLogger } from './logger';

function lines(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  write(createLogger({ service: 'optimization', destination: { write: (line) => void written.push(line) } }));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object a line, with service, level by name and time', () => {
    const [line] = lines((logger) => logger.info({ mandateId: 'm-1' }, 'a proposal was made'));
    expect(line).toMatchObject({
      service: 'optimization',
      level: 'info',
      mandateId: 'm-1',
      msg: 'a proposal was made',
    });
    expect(Date.parse(line.time as string)).not.toBeNaN();
  });

  it('hides secrets', () => {
    const [line] = lines((logger) => logger.warn({ token: 'abc', request: { authorization: 'Bearer x' } }, 'refused'));
    expect(JSON.stringify(line)).not.toMatch(/abc|Bearer/);
  });

  it('tells an error with its causes, and not the parameters of a failed query', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error('query failed', { cause }), { parameters: ['private value'] });
    const [line] = lines((logger) => logger.error({ error }, 'failed'));
    expect(line.error).toMatchObject({ message: 'query failed', cause: { code: 'ECONNREFUSED', message: 'refused' } });
    expect(JSON.stringify(line)).not.toContain('private value');
  });
});
