import { AllostatError } from '@allostat/kernel';
import type { ReviewView } from '@allostat/governance';

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
  decide(review: ReviewView, decision: 'approve' | 'reject', reason: string, token: string): Promise<ReviewView> {
    const body = { decision, reason, contentHash: review.contentHash };
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

  private async call<T>(method: string, path: string, token: string, body?: unknown): Promise<T> {
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
