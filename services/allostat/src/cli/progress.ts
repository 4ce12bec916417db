import { SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, total: number, label: string): void;
  stop(): void;
}

/** A progress bar on stderr when that is a terminal; silent otherwise. */
export function startProgress(): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{label} {bar} {percentage}% {value}/{total}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
  });
  let label: string | undefined;
  return {
    update: (done, total, next) => {
      if (label === undefined) bar.start(total, done, { label: next });
      else {
        if (label !== next) bar.setTotal(total);
        bar.update(done, { label: next });
      }
      label = next;
    },
    stop: () => bar.stop(),
  };
}
