import { Eraser } from 'lucide-react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
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
    <FormDialog
      title="Erase all of this for good?"
      wide
      action="Erase for good"
      icon={Eraser}
      look="danger"
      ready={review.state === 'answered'}
      act={act}
      onClose={onClose}
      onSubmit={confirm}
    >
      <Answer of={review}>{(value) => <SubjectFacts review={value} />}</Answer>
      <p>
        {askedBy} asked for it. You confirm as the second person. The keys are destroyed: nobody can bring it
        back, from backups neither.
      </p>
    </FormDialog>
  );
}
