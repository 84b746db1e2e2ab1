// Whether a manifest, as JSON on standard input, is what the published schema of Kubernetes says a Job is.
import { readFileSync } from 'node:fs';
import { Job } from 'kubernetes-models/batch/v1/Job';

const manifest = JSON.parse(readFileSync(0, 'utf8'));
if (manifest.apiVersion !== 'batch/v1' || manifest.kind !== 'Job') throw new Error('it is no Job of batch/v1');
new Job(manifest).validate();
