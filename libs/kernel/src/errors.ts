/**
 * Base of every error we throw on purpose. `code` is stable (others script against it), `hint` says what to do next.
 */
export class AllostatError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when an argument or an internal assumption is broken: a programmer's error, never a business refusal. */
export class InvariantError extends AllostatError {
  constructor(message: string) {
    super('KERNEL.INVARIANT', message);
  }
}

/** Thrown when data that a person or another system supplied cannot be used; names where it stands. */
export class InputError extends AllostatError {
  constructor(
    message: string,
    readonly where: { readonly file?: string; readonly row?: number; readonly field?: string } = {},
    hint?: string,
    code = 'INPUT.INVALID',
  ) {
    super(code, message, hint);
  }
}
