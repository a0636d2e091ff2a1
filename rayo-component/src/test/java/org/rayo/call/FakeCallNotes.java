package org.rayo.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.recording.CallNote;
import org.rayo.recording.CallNotes;

/** What is known of the calls, without a disk. */
final class FakeCallNotes implements CallNotes {

  final Map<String, CallNote> known = new LinkedHashMap<>();
  final List<String> forgotten = new ArrayList<>();

  @Override
  public CompletionStage<Void> note(CallNote note) {
    known.put(note.callId(), note);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void forget(String callId) {
    known.remove(callId);
    forgotten.add(callId);
  }
}
