package org.rayo.server.campaign;

import java.io.IOException;
import java.util.Random;

/** What can happen to the server and to its XMPP server. All leave both running. */
enum ServerTrouble {
  KILLED {
    @Override
    void strike(Round round, Random random) {
      round.kill();
      round.site().start();
    }
  },
  KILLED_WHILE_RECOVERING {
    @Override
    void strike(Round round, Random random) {
      round.kill();
      for (int i = 0; i < 2; i++) {
        round.site().launch();
        CampaignSite.pause(200 + random.nextInt(1500));
        round.site().kill();
      }
      round.site().start();
    }
  },
  KILLED_AND_TORN {
    @Override
    void strike(Round round, Random random) throws IOException {
      round.kill();
      round.tear(new TornSpool(round.spool(), random));
      round.site().start();
    }
  },
  TERMINATED {
    @Override
    void strike(Round round, Random random) {
      int code = round.site().terminate();
      if (code != 0) {
        throw new AssertionError("SIGTERM: exit code " + code + "\n" + round.site().log());
      }
      round.site().start();
    }
  },
  XMPP_RESTARTED {
    @Override
    void strike(Round round, Random random) throws IOException {
      round.site().restartXmpp();
    }
  },
  XMPP_HALF_OPEN {
    @Override
    void strike(Round round, Random random) {
      round.site().silence(200 + random.nextInt(1500));
    }
  },
  XMPP_STREAM_ERROR {
    @Override
    void strike(Round round, Random random) {
      round.site().endStream();
    }
  };

  abstract void strike(Round round, Random random) throws IOException;
}
