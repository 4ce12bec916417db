/** What a person, or the order system, may be. A person can have several. */
export const ROLES = [
  'portfolio-manager',
  'risk',
  'committee',
  'compliance',
  'researcher',
  'operator',
  'order-system',
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that may approve, reject and override. */
export const DECIDING_ROLES: readonly Role[] = ['portfolio-manager', 'risk', 'committee'];
