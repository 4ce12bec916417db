export * from './simulation';
export * from './signals';
