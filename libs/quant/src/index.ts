export * from './linalg';
export * from './moments';
export * from './clustering';
export * from './allocation';
export * from './optimization';
export * from './risk';
export * from './simulation';
export * from './signals';
