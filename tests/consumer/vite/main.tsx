// The recipe for React in strict mode, and the engine without a worker beside it.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import init, { simulate, type Config } from 'blis-playground';
import { Figures } from './use_simulation';

const CONFIGS: Config[] = [4, 12].map((num_instances) => ({
  cluster: { num_instances },
  workload: { rate: 200, num_requests: 1000 },
}));

function Program() {
  const [which, choose] = useState(0);
  return (
    <>
      <button onClick={() => choose(1 - which)}>other</button>
      <Figures config={CONFIGS[which]!} />
    </>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Program />
  </StrictMode>,
);

await init();
const result = simulate(CONFIGS[0]!);
document.getElementById('direct')!.textContent = result.digest;
result.free();
