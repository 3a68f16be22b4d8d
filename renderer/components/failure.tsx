import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';

interface State {
  readonly failed: boolean;
}

/** What is left of the window when a screen fails: words and a way on, never an empty page. */
export class FailureBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="waiting" role="alert">
        <h1>This window has stopped</h1>
        <p>A conversation under way is ended. Records and log are not affected. Reload to go on.</p>
        <Button look="primary" large onClick={() => window.location.reload()}>
          Reload
        </Button>
      </main>
    );
  }
}
