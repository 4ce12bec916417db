import { runService, SERVICE_CONFIG, SIGN_IN_CONFIG, signInFrom } from '@allostat/platform';
import { WIRE_CODEC } from '@allostat/wire';
import { z } from 'zod';
import { signalIngestion, SOURCES_CONFIG, startPolling } from './index';

const CONFIG = SERVICE_CONFIG.extend(SIGN_IN_CONFIG.shape)
  .extend(SOURCES_CONFIG.shape)
  .extend({
    /** Weights of a classifier (.json) or a model (.onnx) of the tone of headlines; default the lexicon. */
    SENTIMENT_MODEL_FILE: z.string().min(1).optional(),
  });

void runService({
  name: 'signal-ingestion',
  config: CONFIG,
  codec: WIRE_CODEC,
  define: ({ SENTIMENT_MODEL_FILE: sentimentModelFile, ...config }) =>
    signalIngestion({ ...signInFrom(config), ...(sentimentModelFile !== undefined && { sentimentModelFile }) }),
  onStarted: (stage, { SIGNAL_SOURCES_FILE: sources = [] }, clock) => startPolling(stage, { sources, clock }),
});
