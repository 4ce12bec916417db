export * from './simulation';
export * from './signals';
export * from './regime';
export * from './statistics';
