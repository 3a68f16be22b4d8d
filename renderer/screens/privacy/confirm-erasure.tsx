import { Eraser } from 'lucide-react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { SubjectFacts } from './subject-facts.tsx';

type Request = OutputOf<'erasure.list'>[number];

interface Props {
  readonly request: Request;
  readonly askedBy: string;
  readonly onClose: () => void;
  readonly onErased: (done: Request) => void;
}

/** The second person sees what would go before it does. */
export function ConfirmErasure({ request, askedBy, onClose, onErased }: Props) {
  const appliance = useAppliance();
  const act = useAct();
  const [review] = useAsk('erasure.review', { subjectId: request.subjectId });
  const confirm = () =>
    void act.run('confirm', async () =>
      onErased(await appliance.call('erasure.confirm', { id: request.id })),
    );
  return (
    <Dialog title="Erase all of this for good?" wide onClose={onClose}>
      <div className="stack">
        <Answer of={review}>{(value) => <SubjectFacts review={value} />}</Answer>
        <p>
          {askedBy} asked for it. You confirm as the second person. The keys are destroyed: nobody can bring
          it back, from backups neither.
        </p>
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            icon={Eraser}
            busy={act.busy !== null}
            disabled={review.state !== 'answered'}
            onClick={confirm}
          >
            Erase for good
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
