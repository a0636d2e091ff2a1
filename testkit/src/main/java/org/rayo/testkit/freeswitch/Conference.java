package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A conference: who is in it. Members are added and removed on the switch's thread. */
final class Conference {

  final String name;
  final String profile;
  final String uuid = UUID.randomUUID().toString();
  private final SwitchCore core;
  private final List<Member> members = new CopyOnWriteArrayList<>();

  Conference(SwitchCore core, String name, String profile) {
    this.core = core;
    this.name = name;
    this.profile = profile;
  }

  Member add(int id, Channel channel, Optional<Applications.Execution> onTop) {
    Member member = new Member(id, channel, this, onTop);
    members.add(member);
    return member;
  }

  void remove(Member member) {
    members.remove(member);
    members.forEach(other -> other.forget(member));
  }

  List<Member> members() {
    return List.copyOf(members);
  }

  /** Everyone but this one. */
  List<Member> others(Member member) {
    List<Member> others = new ArrayList<>(members);
    others.remove(member);
    return others;
  }

  Optional<Member> member(String id) {
    return members.stream().filter(m -> Integer.toString(m.id).equals(id)).findFirst();
  }

  /** Somebody has begun or ended to talk. On the thread of the RTP. */
  void talking(Member member, boolean on) {
    core.run(() -> core.conferences().tell(this, member, on ? "start-talking" : "stop-talking"));
  }
}
