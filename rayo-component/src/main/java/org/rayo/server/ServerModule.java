package org.rayo.server;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.typed.ActorSystem;
import org.rayo.call.CallDirectory;
import org.rayo.call.CallEnvironment;
import org.rayo.call.CallSupervisor;
import org.rayo.call.ClientQuota;
import org.rayo.call.Clients;
import org.rayo.call.CommandDispatcher;
import org.rayo.call.DialectPolicy;
import org.rayo.call.MessageDispatcher;
import org.rayo.call.MixerPresences;
import org.rayo.call.Recovery;
import org.rayo.config.MediaConfig;
import org.rayo.config.OutputConfig;
import org.rayo.config.RayoConfig;
import org.rayo.config.RecordConfig;
import org.rayo.media.MediaBackend;
import org.rayo.media.encode.AudioEncoders;
import org.rayo.media.freeswitch.FreeSwitchMediaBackend;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.EmbeddedMediaBackend;
import org.rayo.media.sip.SipSettings;
import org.rayo.notice.NoticeException;
import org.rayo.notice.Notices;
import org.rayo.notice.SpooledNotices;
import org.rayo.recording.EncryptedSealing;
import org.rayo.recording.GroupSync;
import org.rayo.recording.JournalException;
import org.rayo.recording.JournalledRecordings;
import org.rayo.recording.PublishedNews;
import org.rayo.recording.RecordingDelivery;
import org.rayo.recording.RecordingJournal;
import org.rayo.recording.RecordingNews;
import org.rayo.recording.Repairs;
import org.rayo.recording.SpoolRequests;
import org.rayo.recording.SpoolRoom;
import org.rayo.recording.SpoolSealing;
import org.rayo.recording.SpoolUpkeep;
import org.rayo.recording.StoragePlan;
import org.rayo.storage.StorageException;
import org.rayo.xmpp.CommandHandler;
import org.rayo.xmpp.ComponentSettings;
import org.rayo.xmpp.ComponentStream;
import org.rayo.xmpp.Disco;
import org.rayo.xmpp.EntityKind;
import org.rayo.xmpp.PendingQueries;
import org.rayo.xmpp.StanzaRouter;
import org.xmpp.packet.JID;

/** Which part is made of what: the one place that knows. */
final class ServerModule extends AbstractModule {

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration MAX_JITTER = Duration.ofMillis(200);

  /** How long recordings that are cut off may take to finish their files. */
  private static final Duration LAST_FILES = Duration.ofSeconds(4);

  private static final String USER_AGENT = "Rayo";
  private static final int UNCONFIRMED_PER_CLIENT = 10_000;

  private final RayoConfig config;
  private final ComponentSettings component;

  /**
   * @param component where to connect, which is not in the configuration when the embedded server
   *     picked its port
   */
  ServerModule(RayoConfig config, ComponentSettings component) {
    this.config = config;
    this.component = component;
  }

  @Provides
  @Singleton
  RecordingJournal journal() throws JournalException {
    return new RecordingJournal(
        config.spool().directory(),
        new SpoolRoom(config.spool().watermarkBytes(), config.record().maxDuration()));
  }

  @Provides
  @Singleton
  GroupSync groupSync() {
    return new GroupSync(config.spool().syncInterval());
  }

  @Provides
  @Singleton
  RecordingNews news(Notices notices) {
    return new PublishedNews(notices, config.storage().sidecar());
  }

  @Provides
  @Singleton
  SpoolUpkeep upkeep(RecordingJournal journal, JournalledRecordings recordings) {
    return new SpoolUpkeep(
        journal,
        recordings,
        new SpoolRequests(config.spool().directory()),
        new SpoolUpkeep.Keep(config.spool().keepTold(), config.spool().keepDead()),
        Clock.systemUTC());
  }

  @Provides
  @Singleton
  SpoolSealing sealing() {
    return config
        .storage()
        .encryptionKey()
        .<SpoolSealing>map(EncryptedSealing::new)
        .orElse(SpoolSealing.NONE);
  }

  @Provides
  @Singleton
  RecordingDelivery delivery(SpoolSealing sealing, RecordingNews news) throws StorageException {
    return new RecordingDelivery(
        Stores.open(config.storage()),
        new RecordingDelivery.Settings(
            config.storage().parallelUploads(),
            FIRST_RETRY,
            LAST_RETRY,
            config.storage().giveUpAfter()),
        sealing,
        news);
  }

  @Provides
  @Singleton
  Repairs repairs() {
    return new Repairs(FIRST_RETRY, LAST_RETRY);
  }

  @Provides
  @Singleton
  JournalledRecordings recordings(
      RecordingJournal journal, RecordingDelivery delivery, Repairs repairs, RecordingNews news) {
    return new JournalledRecordings(
        journal,
        delivery,
        repairs,
        news,
        JournalledRecordings.Patience.withStore(config.storage().completeDeadline()));
  }

  @Provides
  @Singleton
  StoragePlan storage(SpoolSealing sealing) throws StorageException {
    return new StoragePlan(
        config.storage().stores().keySet(),
        config.storage().defaultStores(),
        config.storage().fallback(),
        Stores.names(config.storage()),
        config.record().names(),
        sealing.suffix());
  }

  @Provides
  @Singleton
  Notices notices() throws NoticeException {
    return new SpooledNotices(config.notices(), config.spool().directory());
  }

  @Provides
  @Singleton
  Recorders recorders(GroupSync sync) {
    RecordConfig record = config.record();
    return new Recorders(
        new RecorderSettings(
            record.maxRecordings(),
            record.encoderThreads(),
            RecorderSettings.DEFAULT.ring(),
            record.maxDuration(),
            LAST_FILES,
            new AudioEncoders(
                switch (record.nativeMp3()) {
                  case OFF -> AudioEncoders.NativeMp3.OFF;
                  case AUTO -> AudioEncoders.NativeMp3.AUTO;
                  case REQUIRED -> AudioEncoders.NativeMp3.REQUIRED;
                })),
        sync);
  }

  @Provides
  @Singleton
  RtpEngine rtp() {
    MediaConfig.Rtp rtp = config.media().embedded().rtp();
    return new RtpEngine(
        new RtpSettings(
            rtp.address(),
            rtp.ports().first(),
            rtp.ports().last(),
            Runtime.getRuntime().availableProcessors(),
            rtp.jitter(),
            rtp.jitter().compareTo(MAX_JITTER) > 0 ? rtp.jitter() : MAX_JITTER,
            rtp.deadAfter()));
  }

  @Provides
  @Singleton
  Outputs outputs() {
    OutputConfig output = config.media().output();
    return new Outputs(
        new OutputSettings(
            output.directories(),
            address ->
                output.allowedAddresses().stream().anyMatch(range -> range.contains(address)),
            output.maxFileBytes(),
            output.connectTimeout(),
            output.fetchTimeout(),
            output.maxLength(),
            output.cacheBytes(),
            output.threads(),
            output.speech().engine() == OutputConfig.Engine.NONE
                ? Optional.empty()
                : Optional.of(
                    new OutputSettings.Speech(
                        output.speech().command(), output.speech().timeout()))));
  }

  @Provides
  @Singleton
  MediaBackend media(RtpEngine rtp, Recorders recorders, Outputs outputs) {
    MediaConfig media = config.media();
    return switch (media.backend()) {
      case EMBEDDED -> new EmbeddedMediaBackend(sip(media.embedded()), rtp, recorders, outputs);
      case FREESWITCH ->
          new FreeSwitchMediaBackend(media.freeswitch().settings(USER_AGENT), rtp, recorders);
    };
  }

  private static SipSettings sip(MediaConfig.Embedded embedded) {
    MediaConfig.Sip sip = embedded.sip();
    return new SipSettings(
        sip.address().getHostAddress(),
        sip.port(),
        sip.publicAddress().map(InetAddress::getHostAddress),
        sip.allowedCallers(),
        sip.ringTimeout(),
        embedded.rtp().deadAfter(),
        sip.maxCalls(),
        USER_AGENT,
        sip.dial().plan());
  }

  @Provides
  @Singleton
  ComponentStream stream(Provider<StanzaRouter> router, Provider<Clients> clients) {
    return new ComponentStream(
        component,
        stanza -> {
          clients.get().heard(stanza);
          router.get().stanza(stanza);
        });
  }

  @Provides
  @Singleton
  PendingQueries queries(ComponentStream stream) {
    return new PendingQueries(component.domain(), stream);
  }

  @Provides
  @Singleton
  Disco disco() {
    return Disco.standard();
  }

  @Provides
  @Singleton
  DialectPolicy dialects() {
    return new DialectPolicy(
        config.record().dialect(),
        config.record().clients().stream()
            .map(
                client ->
                    new DialectPolicy.Rule(
                        jid -> client.jid().matches(jid.toString()), client.dialect()))
            .toList());
  }

  @Provides
  @Singleton
  ScheduledExecutorService presences() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, "rayo-clients");
          thread.setDaemon(true);
          return thread;
        });
  }

  @Provides
  @Singleton
  Clients clients(
      ComponentStream stream,
      PendingQueries queries,
      DialectPolicy dialects,
      ScheduledExecutorService presences) {
    return new Clients(
        new JID(component.domain()),
        stream,
        queries,
        dialects,
        ConfiguredControl.admission(config.control()),
        presences,
        UNCONFIRMED_PER_CLIENT);
  }

  @Provides
  @Singleton
  CallDirectory directory() {
    return new CallDirectory(ConfiguredControl.zones(config.control()));
  }

  @Provides
  @Singleton
  CommandHandler commands(
      CallDirectory directory,
      Clients clients,
      ComponentStream stream,
      ActorSystem<CallSupervisor.Message> actors) {
    return new CommandDispatcher(directory, clients, stream, actors::tell);
  }

  @Provides
  @Singleton
  StanzaRouter router(
      ComponentStream stream,
      CallDirectory directory,
      CommandHandler commands,
      Clients clients,
      Disco disco,
      PendingQueries queries) {
    return new StanzaRouter(
        stream,
        directory,
        commands,
        new MixerPresences(directory, stream, clients),
        new MessageDispatcher(directory, clients, stream),
        disco,
        queries);
  }

  @Provides
  @Singleton
  CallEnvironment environment(
      Disco disco,
      ComponentStream stream,
      Clients clients,
      CallDirectory directory,
      JournalledRecordings recordings,
      RecordingJournal journal,
      StoragePlan storage) {
    return new CallEnvironment(
        component.domain(),
        disco.caps(EntityKind.CALL).element(),
        disco.caps(EntityKind.MIXER).element(),
        stream,
        clients,
        directory,
        recordings,
        journal.calls(),
        storage,
        config.record().maxDuration(),
        config.record().participantChannels(),
        ClientQuota.ofRecordings(config.record().maxRecordingsPerClient()),
        ConfiguredControl.control(config.offers(), config.control()),
        Clock.systemUTC());
  }

  @Provides
  @Singleton
  Recovery recovery(
      Clients clients,
      JournalledRecordings recordings,
      RecordingJournal journal,
      MediaBackend media) {
    return new Recovery(
        component.domain(), clients, recordings, journal.calls(), media::endForgotten);
  }

  @Provides
  @Singleton
  ActorSystem<CallSupervisor.Message> actors(CallEnvironment environment, MediaBackend media) {
    return ActorSystem.create(
        CallSupervisor.create(environment, media),
        "rayo",
        ConfigFactory.parseResources("org/rayo/server/actors.conf")
            .withFallback(ConfigFactory.defaultReference())
            .resolve());
  }
}
