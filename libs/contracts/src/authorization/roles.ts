/** What a person or a program may be. One can have several. */
export const ROLES = [
  'portfolio-manager',
  'risk',
  'committee',
  'compliance',
  'researcher',
  'operator',
  'order-system',
  /** Programs that feed observations. */
  'data',
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that may approve, reject and override. */
export const DECIDING_ROLES: readonly Role[] = ['portfolio-manager', 'risk', 'committee'];
