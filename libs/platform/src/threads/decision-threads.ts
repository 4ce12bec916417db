import { existsSync } from 'node:fs';
import { Piscina } from 'piscina';

/** A pure decision as a thread takes it; see `UnitStage`. */
export interface DecisionTask<State, Input> {
  readonly event: Input;
  readonly state: State;
  readonly context: { readonly now: string };
}

export interface Decision<State, Output> {
  readonly state: State;
  readonly events: readonly Output[];
}

export interface DecisionThreadsOptions<State, Input, Output> {
  /** Compiled module whose export `decide` takes a `DecisionTask` and returns the decision. */
  readonly file: string;
  /** 0 decides on the event loop. */
  readonly threads: number;
  /** The same decision, for the event loop: where the module is not compiled, as in tests from source, it runs there. */
  readonly decide: (event: Input, state: State, context: { readonly now: string }) => Decision<State, Output>;
}

/**
 * Takes long decisions off the event loop: heartbeats, health checks and the outbox go on during a solve. A decision depends on its
 * task alone, so the number of threads changes no bit of it. What a decision throws is thrown here.
 */
export class DecisionThreads<State, Input, Output> {
  private readonly pool: Piscina | undefined;

  constructor(private readonly options: DecisionThreadsOptions<State, Input, Output>) {
    const { file, threads } = options;
    if (threads > 0 && existsSync(file)) {
      this.pool = new Piscina({
        filename: file,
        name: 'decide',
        minThreads: 0,
        maxThreads: threads,
        idleTimeout: 60_000,
      });
    }
  }

  /** True when decisions run beside the event loop. */
  get beside(): boolean {
    return this.pool !== undefined;
  }

  decide(event: Input, state: State, context: { readonly now: string }): Promise<Decision<State, Output>> {
    if (this.pool === undefined) return Promise.resolve().then(() => this.options.decide(event, state, context));
    const task: DecisionTask<State, Input> = { event, state, context };
    return this.pool.run(task) as Promise<Decision<State, Output>>;
  }

  /** Called by Nest when the stage closes, after its last unit has ended. */
  async onModuleDestroy(): Promise<void> {
    await this.pool?.destroy();
  }
}
