import { AllostatError } from '@allostat/kernel';
import type { ReviewView } from '@allostat/governance';

/** A person's decision, as the command line takes it. */
export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  readonly reasonCode?: string;
  readonly function?: string;
  readonly onBehalfOf?: string;
  /** Statements that the person confirms. */
  readonly confirm?: readonly string[];
  readonly evidence?: readonly string[];
}

/** Governance's HTTP API, called with a person's token. */
export class GovernanceClient {
  constructor(private readonly url: string) {}

  list(token: string, status?: string): Promise<ReviewView[]> {
    return this.call('GET', `/reviews${status === undefined ? '' : `?status=${encodeURIComponent(status)}`}`, token);
  }

  show(proposalId: string, token: string): Promise<ReviewView> {
    return this.call('GET', `/reviews/${encodeURIComponent(proposalId)}`, token);
  }

  /** Decides on the content of `review`, exactly as it was read. */
  decide(review: ReviewView, decision: Decision, token: string): Promise<ReviewView> {
    const { confirm = [], ...rest } = decision;
    const answers = Object.fromEntries(confirm.map((question) => [question, true]));
    const body = { ...rest, ...(confirm.length > 0 && { answers }), contentHash: review.contentHash };
    return this.call('POST', `/reviews/${encodeURIComponent(review.id)}/decisions`, token, body);
  }

  override(
    proposalId: string,
    weights: Readonly<Record<string, number>>,
    reason: string,
    token: string,
  ): Promise<ReviewView> {
    return this.call('POST', `/reviews/${encodeURIComponent(proposalId)}/override`, token, { reason, weights });
  }

  challenge(proposalId: string, topic: string, text: string, token: string): Promise<ReviewView> {
    return this.call('POST', `/reviews/${encodeURIComponent(proposalId)}/challenges`, token, { topic, text });
  }

  answer(proposalId: string, challengeId: string, text: string, token: string): Promise<ReviewView> {
    const path = `/reviews/${encodeURIComponent(proposalId)}/challenges/${encodeURIComponent(challengeId)}/answer`;
    return this.call('POST', path, token, { text });
  }

  withdraw(proposalId: string, reason: string, token: string): Promise<ReviewView> {
    return this.call('POST', `/reviews/${encodeURIComponent(proposalId)}/withdrawal`, token, { reason });
  }

  release(proposalId: string, token: string): Promise<ReviewView> {
    return this.call('POST', `/reviews/${encodeURIComponent(proposalId)}/release`, token);
  }

  /** The latest signed checkpoint of the audit log. */
  checkpoint(token: string): Promise<{ readonly size: number; readonly note: string }> {
    return this.call('GET', '/audit/checkpoint', token);
  }

  /** Proof, hexadecimal, that the log of `from` records is the beginning of that of `to`. */
  async consistency(from: number, to: number, token: string): Promise<readonly string[]> {
    const { proof } = await this.call<{ proof: string[] }>('GET', `/audit/consistency?from=${from}&to=${to}`, token);
    return proof;
  }

  /** Hands a witness's co-signature in; the signature itself says who sent it. */
  async cosign(size: number, line: string): Promise<void> {
    await this.call('POST', '/audit/cosignatures', '-', { size, line });
  }

  /** Any other route. Throws `AllostatError` with the code that governance answered. */
  async call<T>(method: string, path: string, token: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new AllostatError('GOVERNANCE.UNREACHABLE', `${this.url} does not answer`, 'start `allostat up` first', {
        cause: error,
      });
    });
    const answer = (await response.json().catch((error: unknown) => {
      throw new AllostatError('GOVERNANCE.UNREACHABLE', `${this.url} broke its answer off`, 'try again', {
        cause: error,
      });
    })) as { error?: { code: string; message: string; hint?: string } };
    if (response.ok) return answer as T;
    const { error } = answer;
    throw new AllostatError(
      error?.code ?? 'GOVERNANCE.CALL_FAILED',
      error?.message ?? `${method} ${path} was answered with status ${response.status}`,
      error?.hint,
    );
  }
}
