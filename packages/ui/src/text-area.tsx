import { type ReactNode, type TextareaHTMLAttributes, useId } from "react";
import { classNames } from "./class-names.ts";

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  hint?: ReactNode;
}

/** A labelled text of several lines. */
export function TextArea({ label, hint, className, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div className={classNames("grid gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        rows={2}
        {...rest}
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="rounded-control border border-line-strong bg-surface px-3 py-2 text-ink placeholder:text-faint"
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
