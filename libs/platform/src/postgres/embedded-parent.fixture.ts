import { startEmbeddedPostgres } from './embedded-postgres';

// A process that starts a server, says which process that is, and waits to be killed.
void startEmbeddedPostgres({ dataDir: process.argv[2], durable: false }).then(({ pid }) => {
  process.stdout.write(`${pid}\n`);
  setInterval(() => undefined, 1000);
});
