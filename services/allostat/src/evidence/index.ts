export { mandateOf, runAnchor, runMandate, type EvidenceSetting } from './evidence-run';
export { overlayVariants } from './variants';
export { readAnchors } from './read-anchors';
