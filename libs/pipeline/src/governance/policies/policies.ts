import { CERTIFICATE_POLICY } from './certificate.policy';
import { CONCENTRATION_POLICY } from './concentration.policy';
import { CVAR_LIMIT_POLICY } from './cvar-limit.policy';
import { DRAWDOWN_BUDGET_POLICY } from './drawdown-budget.policy';
import { EXECUTION_THROTTLE_POLICY } from './execution-throttle.policy';
import { GROUP_POLICY } from './group.policy';
import { LIQUIDITY_POLICY } from './liquidity.policy';
import { PILOT_CAP_POLICY } from './pilot-cap.policy';
import type { Policy } from './policy';
import { REGIME_UNCERTAINTY_POLICY } from './regime-uncertainty.policy';
import { RESTRICTED_LIST_POLICY } from './restricted-list.policy';
import { RISK_BUDGET_POLICY } from './risk-budget.policy';
import { STALE_DATA_POLICY } from './stale-data.policy';
import { STALE_HOLDINGS_POLICY } from './stale-holdings.policy';
import { STALE_MODEL_POLICY } from './stale-model.policy';
import { TURNOVER_POLICY } from './turnover.policy';
import { UNIT_SAFETY_POLICY } from './unit-safety.policy';
import { VERSION_HOMOGENEITY_POLICY } from './version-homogeneity.policy';
import { WEIGHT_POLICY } from './weight.policy';

/** Every rule that a release must pass, in the order in which verdicts are shown. */
export const POLICIES: readonly Policy[] = [
  WEIGHT_POLICY,
  GROUP_POLICY,
  TURNOVER_POLICY,
  CONCENTRATION_POLICY,
  RISK_BUDGET_POLICY,
  DRAWDOWN_BUDGET_POLICY,
  CVAR_LIMIT_POLICY,
  LIQUIDITY_POLICY,
  STALE_DATA_POLICY,
  STALE_MODEL_POLICY,
  STALE_HOLDINGS_POLICY,
  REGIME_UNCERTAINTY_POLICY,
  CERTIFICATE_POLICY,
  RESTRICTED_LIST_POLICY,
  UNIT_SAFETY_POLICY,
  EXECUTION_THROTTLE_POLICY,
  PILOT_CAP_POLICY,
  VERSION_HOMOGENEITY_POLICY,
];
