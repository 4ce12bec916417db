import type { EntityManager } from 'typeorm';

/** One line of the model inventory; the columns that supervisors ask for. */
export interface InventoryLine {
  readonly model: string;
  readonly version: string;
  readonly state: string;
  readonly tier: string;
  readonly owner: string;
  readonly developers: readonly string[];
  readonly intendedUse: string;
  readonly restrictions: string;
  readonly limitations: readonly string[];
  readonly artefact: string;
  readonly codeVersion: string;
  readonly validationReport: string;
  readonly registeredAt: string;
  readonly reviewDue: string;
}

/** Every version with what an inventory must say of it; a version is reviewed a year after its registration at the latest. */
export async function readInventory(manager: EntityManager): Promise<InventoryLine[]> {
  return manager.query<InventoryLine[]>(`
    select v.model, v.version, coalesce(s.state, 'registered') as state, v.tier, v.owner, v.developers,
      v.intended_use as "intendedUse", v.restrictions, v.limitations, v.artefact, v.code_version as "codeVersion",
      v.validation_report as "validationReport",
      to_char(v.registered_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "registeredAt",
      to_char(coalesce(v.review_due, (v.registered_at + interval '1 year')::date), 'YYYY-MM-DD') as "reviewDue"
    from model_version v
    left join lateral (select state from model_state where model = v.model and version = v.version
      order by id desc limit 1) s on true
    order by v.model, v.registered_at, v.version`);
}
