import './api/no-eval.ts';
import '@fontsource-variable/inter/opsz.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/setup.css';
import './styles/desk.css';
import './styles/records.css';
import './styles/admin.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Appliance } from './api/appliance.ts';
import { openCarrier } from './api/carriers.ts';
import { ApplianceContext } from './api/use-appliance.ts';
import { App } from './app.tsx';
import { FailureBoundary } from './components/failure.tsx';
import { applyTheme } from './components/theme.tsx';

applyTheme();
const appliance = new Appliance(openCarrier);
appliance.start();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
createRoot(root).render(
  <StrictMode>
    <ApplianceContext value={appliance}>
      <FailureBoundary>
        <App />
      </FailureBoundary>
    </ApplianceContext>
  </StrictMode>,
);
