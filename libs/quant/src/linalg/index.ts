export { matrix, matrixFromRows, type Matrix } from './matrix';
export { assetMatrix, canonicalOrder, checkAssetNames, reorderAssets, type AssetMatrix } from './asset-matrix';
export { panelFromPrices, portfolioReturns, reorderPanel, returnPanel, type ReturnPanel } from './return-panel';
export { cholesky, choleskySolve, type CholeskyFactor, type CholeskyResult } from './cholesky';
export { denseCovariance, factorProduct, factorVariances, type FactorCovariance } from './factor-covariance';
export { quadraticForm } from './products';
export { fromEigen, symmetricEigen, type SymmetricEigen } from './symmetric-eigen';
export { nearestCorrelation, type NearestCorrelation } from './nearest-correlation';
