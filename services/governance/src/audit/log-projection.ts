import { z } from 'zod';
import type { LogEntry, ToldRow } from '@allostat/platform';
import {
  isAboutTheMessage,
  statusAfterAnswer,
  TIER_RULES,
  TIERS,
  type AllocationStatusReported,
  type ReviewStatus,
  type Tier,
} from '@allostat/pipeline';

type Columns = Readonly<Record<string, unknown>>;
/** What the rows of a review take from the record that opened it. */
const openedBody = z.looseObject({
  proposalId: z.string(),
  tier: z.enum(TIERS),
  parties: z.array(z.looseObject({ person: z.string(), part: z.string() })),
});

/**
 * The governance tables as they must be by the log alone: each record is folded into the rows that the transaction
 * which wrote it wrote. What is in the tables and not here, or differs, was put there by nobody that the log knows.
 */
export class LogProjection {
  private readonly tables = new Map<string, Map<string, ToldRow>>();
  private readonly proposalOf = new Map<string, string>();
  private presses = 0;

  /** Rows of a table by their keys; parts of a key are joined by a line feed. */
  rows(table: string): ReadonlyMap<string, ToldRow> {
    return this.tables.get(table) ?? new Map<string, ToldRow>();
  }

  take(entry: LogEntry): void {
    const { action, body } = entry;
    const [topic, verb] = action.split('.');
    if (topic === 'review') return this.review(verb, entry);
    if (topic === 'order-system') return this.answer(entry);
    if (topic === 'kill') return this.press(verb, entry);
    if (topic === 'drill') return this.drill(verb, entry);
    if (topic === 'change') return this.changed(verb, entry);
    if (topic === 'meeting') return this.meeting(verb, entry);
    if (topic === 'absence') return this.absence(verb, entry);
    if (topic === 'alarm') return this.alarm(entry);
    switch (action) {
      case 'reconciliation.requested':
        return this.insert('reconciliation_request', entry, [body.requestId], {
          mandate_id: body.mandateId,
          through_sequence: body.throughSequence,
          requested_by: body.requestedBy,
          requested_at: body.requestedAt,
        });
      case 'reconciliation.reported':
        return this.insert('reconciliation', entry, [body.requestId], { reported_at: entry.at, result: body.result });
      case 'proposal.superseded':
      case 'proposal.voided':
      case 'proposal.expired':
        return this.change('review', entry, [body.proposalId], { status: verb });
      case 'proposal.overridden':
        return this.insert('review_override', entry, [body.replacedBy], {
          replaces: body.proposalId,
          person: entry.actor,
          at: entry.at,
        });
      case 'release.checked':
        return this.change('review', entry, [(body.record as { proposalId: string }).proposalId], {
          status: 'approved',
        });
      case 'release.held':
        return this.change('review', entry, [body.proposalId], { held: body.reasons });
      case 'instruction.released':
        return this.released(entry);
      case 'delegation.made':
        return this.insert('delegation', entry, [body.id], {
          from_person: body.from,
          to_person: body.to,
          function: body.function,
          mandate_id: body.mandateId,
          valid_from: body.validFrom,
          valid_until: body.validUntil,
          reason: body.reason,
          revoked_at: null,
        });
      case 'delegation.revoked':
        return this.change('delegation', entry, [body.id], { revoked_at: body.at });
    }
  }

  private review(verb: string, entry: LogEntry): void {
    const { body } = entry;
    switch (verb) {
      case 'opened':
        return this.opened(entry, body, { kind: 'allocation', mandate_id: body.mandateId });
      case 'approve':
      case 'reject':
        return this.decided(entry, body);
      case 'challenge':
      case 'answer':
      case 'withdraw':
      case 'escalate':
        return this.change('review', entry, [body.proposalId], {
          status: body.status,
          challenges: body.challenges ?? [],
        });
    }
  }

  private opened(entry: LogEntry, told: Columns, about: Columns): void {
    // what does not say this opened nothing: the rows of it are told of by no record
    const { success, data: body } = openedBody.safeParse(told);
    if (!success) return;
    this.insert('review', entry, [body.proposalId], {
      ...about,
      maker: body.maker,
      content_hash: body.contentHash,
      status: 'submitted',
      tier: body.tier,
      required_approvals: body.requiredApprovals,
      functions: body.functions ?? [],
      // records of earlier versions leave to the tier what it asks
      questions: body.questions ?? TIER_RULES[body.tier].questions,
      challenges: [],
      held: null,
      opened_at: entry.at,
      expires_at: body.expiresAt,
      instruction_id: null,
    });
    for (const { person, part } of body.parties)
      this.insert('review_party', entry, [body.proposalId, person, part], {});
  }

  private decided(entry: LogEntry, body: Columns): void {
    const { proposalId, decision } = body;
    const review = this.rows('review').get(String(proposalId));
    this.insert('review_decision', entry, [proposalId, body.actor], {
      maker: review?.columns.maker,
      decision,
      reason: body.reason,
      content_hash: body.contentHash,
      at: body.at,
      viewed: body.viewed ?? null,
      function: body.function ?? null,
      on_behalf_of: body.onBehalfOf ?? null,
      reason_code: body.reasonCode ?? null,
      answers: body.answers ?? null,
      evidence: body.evidence ?? null,
      authentication: body.authentication ?? null,
      resolutions: body.resolutions ?? null,
    });
    if (decision === 'reject') this.change('review', entry, [proposalId], { status: 'rejected' });
  }

  private released(entry: LogEntry): void {
    const { body } = entry;
    const { instructionId, proposalId } = body as { instructionId: string; proposalId: string };
    this.proposalOf.set(instructionId, proposalId);
    this.change('review', entry, [proposalId], { status: 'released', instruction_id: instructionId, held: null });
    this.insert('instruction', entry, [instructionId], {
      mandate_id: body.mandateId,
      sequence: body.sequence,
      proposal_id: proposalId,
      content_hash: body.contentHash,
      released_at: body.releasedAt,
      body,
    });
  }

  private answer(entry: LogEntry): void {
    const answer = entry.body as unknown as AllocationStatusReported;
    if (entry.action === 'order-system.unmatched' || isAboutTheMessage(answer)) return;
    const proposalId = this.proposalOf.get(answer.instructionId);
    const review = proposalId === undefined ? undefined : this.rows('review').get(proposalId);
    if (!review) return;
    const status = statusAfterAnswer(review.columns.status as ReviewStatus, answer.status);
    this.change('review', entry, [proposalId], { status });
  }

  private drill(verb: string, entry: LogEntry): void {
    const { body, actor, at } = entry;
    const { proposalId, mandateId, status, challenges } = body;
    if (verb === 'planted') {
      const { functions } = TIER_RULES[body.tier as Tier];
      this.opened(entry, { ...body, functions }, { kind: 'drill', mandate_id: mandateId });
      const planted = { mandate_id: mandateId, fault: body.fault, planted_by: body.plantedBy, planted_at: at };
      return this.insert('drill', entry, [proposalId], { ...planted, outcome: null, caught_by: null, ended_at: null });
    }
    if (body.decision !== undefined) this.decided(entry, body);
    this.change('review', entry, [proposalId], { status, challenges });
    if (verb === 'approve' || verb === 'reject') return;
    const caughtBy = verb === 'caught' ? actor : null;
    this.change('drill', entry, [proposalId], { outcome: verb, caught_by: caughtBy, ended_at: at });
  }

  private changed(verb: string, entry: LogEntry): void {
    const { body, at } = entry;
    const { proposalId, status, challenges, supersedes, contentHash } = body;
    const { kind, body: version } = body.content as { kind: string; body: { id: string; version: number } };
    if (verb === 'proposed') {
      if (supersedes !== undefined) this.change('review', entry, [supersedes], { status: 'superseded' });
      return this.opened(entry, body, { kind, mandate_id: version.id });
    }
    if (verb === 'approve' || verb === 'reject') this.decided(entry, body);
    this.change('review', entry, [proposalId], { status, challenges });
    if (status !== 'approved') return;
    this.insert('approved_version', entry, [kind, version.id, version.version], {
      body: version,
      content_hash: contentHash,
      change_id: proposalId,
      approved_at: at,
    });
  }

  private meeting(verb: string, entry: LogEntry): void {
    const { body, actor, at } = entry;
    const { meetingId, committee, items } = body as { meetingId: string; committee: string; items?: unknown };
    const [id, version] = committee.split('@');
    if (verb === 'convened') {
      const convened = {
        committee: id,
        committee_version: Number(version),
        convened_by: actor,
        convened_at: at,
        items,
      };
      return this.insert('committee_meeting', entry, [meetingId], convened);
    }
    if (verb === 'vote') {
      const { subject, member, castBy: cast_by, choice, reason = null, contentHash: content_hash } = body;
      const vote = { cast_by, choice, reason, content_hash, at: body.at };
      return this.insert('committee_vote', entry, [meetingId, subject, member], vote);
    }
    const { text, closedBy: closed_by, closedAt: closed_at, results, followUps: follow_ups } = body;
    this.insert('committee_minutes', entry, [meetingId], { text, closed_by, closed_at, results, follow_ups });
  }

  private absence(verb: string, entry: LogEntry): void {
    const { id, person, deputy = null, validFrom, validUntil, reason, declaredBy, delegations, at } = entry.body;
    if (verb === 'ended') return this.change('absence', entry, [id], { ended_at: at });
    this.insert('absence', entry, [id], {
      person,
      deputy,
      valid_from: validFrom,
      valid_until: validUntil,
      reason,
      declared_by: declaredBy,
      delegations,
      ended_at: null,
    });
  }

  private alarm(entry: LogEntry): void {
    const { sequence, ...step } = entry.body;
    this.insert('alarm_event', entry, [sequence], {
      alarm_id: step.alarmId,
      step: step.step,
      mandate_id: step.mandateId ?? null,
      at: step.at,
      body: { type: 'GovernanceAlarmMoved', ...step },
    });
  }

  private press(verb: string, entry: LogEntry): void {
    if (verb !== 'engage' && verb !== 'arm') return;
    const { scope, actor, reason, at, drill, id } = entry.body;
    this.presses++;
    // records of earlier versions do not tell the number: then the presses are counted
    this.insert('kill_entry', entry, [id ?? this.presses], { scope, action: verb, actor, reason, at, drill });
  }

  private insert(table: string, { sequence }: LogEntry, key: readonly unknown[], columns: Columns): void {
    const rows = this.tables.get(table) ?? new Map<string, ToldRow>();
    this.tables.set(table, rows.set(key.join('\n'), { columns, sequence }));
  }

  private change(table: string, entry: LogEntry, key: readonly unknown[], columns: Columns): void {
    const row = this.rows(table).get(key.join('\n'));
    if (row) this.insert(table, entry, key, { ...row.columns, ...columns });
  }
}
