//! A phone that speaks only through TLS, as Android's wireless debugging does: takes TLS off and
//! passes on what is said to a simulated phone. Knows the computers that it was paired with.
//!
//! Source: AOSP `packages/modules/adb/protocol.txt` (`A_STLS`), `daemon/transport_daemon.cpp`. Where
//! TLS begins, nothing of the session has: after the handshake the phone introduces itself at once.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    ServerConnection, SignatureScheme, version,
};

/// What goes wrong with TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// Nothing.
    None,
    /// The connection ends when it is to ask for TLS.
    CloseBeforeStls,
    /// Silence instead.
    StallBeforeStls,
    /// The connection ends where the handshake should begin.
    CloseBeforeHandshake,
    /// Silence instead.
    StallBeforeHandshake,
    /// The connection ends when the other side has said its first word of TLS.
    CloseInHandshake,
    /// Silence instead.
    StallInHandshake,
    /// What comes then is no TLS.
    Garbage,
    /// A token to be signed comes then, without TLS.
    PlainAuth,
    /// An introduction comes then, without TLS.
    PlainConnect,
    /// After the handshake comes a message without end; much of it does come.
    Flood,
    /// After the handshake the connection ends without a word.
    CloseAfterHandshake,
    /// After the handshake TLS is ended properly, and the connection stays open.
    EndAfterHandshake,
    /// Silence after the handshake.
    StallAfterHandshake,
    /// The connection ends without a word in the middle of an answer.
    CloseInAnswer,
    /// In the middle of an answer TLS is ended properly, and then the connection.
    EndInAnswer,
}

/// How much of a session is passed on before what happens in its middle: beyond the introduction,
/// and not the whole of an answer.
const MIDDLE_BYTES: usize = 2_000;

/// How long a message the flood claims to be: so much can be set aside.
const FLOOD_CLAIMS: u32 = 128 << 20;

/// How much of it comes at most, bytes.
const FLOOD_BYTES: usize = 64 << 20;

/// A phone that listens. Its threads end with their connections, the first one with the test
/// program.
pub(crate) struct TlsPhone {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl TlsPhone {
    /// Lets a phone listen that is paired with the owner of `paired` (PKCS#8), and else is the one
    /// at `phone`.
    pub(crate) fn before(phone: SocketAddr, paired: Option<&str>, fault: TlsFault) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let config = config(paired);
        let connections = Arc::<AtomicUsize>::default();
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let this = Self { address, connections: connections.clone(), heard: heard.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (stream, config) = (stream.unwrap(), Arc::clone(&config));
                let heard = heard.clone();
                std::thread::spawn(move || {
                    // Every connection ends with an error: the other side hangs up.
                    let _ = serve(stream, config, phone, fault, &heard);
                });
            }
        });
        this
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// What came after the phone had asked for TLS, where it doesn't speak TLS itself.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }

    /// Where it listens, as it stands in a report.
    pub(crate) fn serial(&self) -> String {
        self.address.to_string()
    }
}

fn serve(
    mut stream: TcpStream,
    config: Arc<ServerConfig>,
    phone: SocketAddr,
    fault: TlsFault,
    heard: &Mutex<Vec<u8>>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let hello = read_message(&mut stream)?;
    if fault == TlsFault::CloseBeforeStls {
        return Ok(());
    }
    if fault == TlsFault::StallBeforeStls {
        return until_the_other_side_hangs_up(&mut stream);
    }
    stream.write_all(&message(*b"STLS", 0x0100_0000, 0, &[]))?;
    let reply = read_message(&mut stream)?;
    assert_eq!(reply[..4], *b"STLS");
    match fault {
        TlsFault::PlainAuth | TlsFault::PlainConnect => {
            stream.write_all(&if fault == TlsFault::PlainAuth {
                message(*b"AUTH", 1, 0, &[7; 20])
            } else {
                message(*b"CNXN", 0x0100_0001, 1 << 20, b"device::")
            })?;
            let mut buffer = [0; 1000];
            loop {
                let length = stream.read(&mut buffer)?;
                if length == 0 {
                    return Ok(());
                }
                heard.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        }
        TlsFault::CloseBeforeHandshake => return Ok(()),
        TlsFault::StallBeforeHandshake => return until_the_other_side_hangs_up(&mut stream),
        TlsFault::CloseInHandshake | TlsFault::StallInHandshake | TlsFault::Garbage => {
            stream.read_exact(&mut [0; 64])?;
            if fault == TlsFault::Garbage {
                stream.write_all(&[b'?'; 4096])?;
            }
            if fault != TlsFault::CloseInHandshake {
                until_the_other_side_hangs_up(&mut stream)?;
            }
            return Ok(());
        }
        _ => {}
    }
    let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
    while tls.is_handshaking() {
        if let Err(error) = tls.complete_io(&mut stream) {
            // The other side is to hear why.
            while tls.wants_write() && tls.write_tls(&mut stream).is_ok() {}
            stream.shutdown(Shutdown::Write)?;
            until_the_other_side_hangs_up(&mut stream)?;
            return Err(error);
        }
    }
    match fault {
        TlsFault::CloseAfterHandshake => return Ok(()),
        TlsFault::EndAfterHandshake => {
            end(&mut tls, &mut stream)?;
            return until_the_other_side_hangs_up(&mut stream);
        }
        TlsFault::Flood => {
            let mut flood = message(*b"WRTE", 1, 1, &[]);
            flood[12..16].copy_from_slice(&FLOOD_CLAIMS.to_le_bytes());
            tls.writer().write_all(&flood)?;
            for _ in 0..FLOOD_BYTES >> 14 {
                tls.writer().write_all(&[0; 1 << 14])?;
                while tls.wants_write() {
                    tls.write_tls(&mut stream)?;
                }
            }
            return until_the_other_side_hangs_up(&mut stream);
        }
        TlsFault::StallAfterHandshake => return until_the_other_side_hangs_up(&mut stream),
        _ => {}
    }
    let mut behind = TcpStream::connect(phone)?;
    behind.set_nodelay(true)?;
    // The phone behind doesn't introduce itself unless it is spoken to.
    behind.write_all(&hello)?;
    pass_on(stream, tls, behind, fault)
}

/// Passes everything on, both ways, until one side hangs up or the fault happens.
fn pass_on(
    mut outside: TcpStream,
    tls: ServerConnection,
    mut behind: TcpStream,
    fault: TlsFault,
) -> io::Result<()> {
    let tls = Arc::new(Mutex::new(tls));
    let inwards = {
        let (tls, mut outside, mut behind) =
            (Arc::clone(&tls), outside.try_clone()?, behind.try_clone()?);
        move || -> io::Result<()> {
            let mut buffer = [0; 16 << 10];
            loop {
                let length = outside.read(&mut buffer)?;
                let mut records = &buffer[..length];
                let mut plain = Vec::new();
                {
                    let mut tls = tls.lock().unwrap();
                    while !records.is_empty() {
                        tls.read_tls(&mut records)?;
                        let state = tls.process_new_packets().map_err(io::Error::other)?;
                        let had = plain.len();
                        plain.resize(had + state.plaintext_bytes_to_read(), 0);
                        tls.reader().read_exact(&mut plain[had..])?;
                    }
                }
                behind.write_all(&plain)?;
                if length == 0 {
                    return behind.shutdown(Shutdown::Both);
                }
            }
        }
    };
    let inwards = std::thread::spawn(inwards);
    let mut buffer = [0; 1000];
    let mut passed = 0;
    loop {
        let length = behind.read(&mut buffer)?;
        let mut tls = tls.lock().unwrap();
        tls.writer().write_all(&buffer[..length])?;
        while tls.wants_write() {
            tls.write_tls(&mut outside)?;
        }
        passed += length;
        let middle = passed > MIDDLE_BYTES;
        if middle && fault == TlsFault::EndInAnswer {
            end(&mut tls, &mut outside)?;
        }
        let cut = matches!(fault, TlsFault::EndInAnswer | TlsFault::CloseInAnswer);
        if length == 0 || middle && cut {
            drop(tls);
            outside.shutdown(Shutdown::Write)?;
            behind.shutdown(Shutdown::Both)?;
            let _ = inwards.join();
            return Ok(());
        }
    }
}

/// Ends TLS in its own words.
fn end(tls: &mut ServerConnection, stream: &mut TcpStream) -> io::Result<()> {
    tls.send_close_notify();
    while tls.wants_write() {
        tls.write_tls(stream)?;
    }
    Ok(())
}

fn until_the_other_side_hangs_up(stream: &mut TcpStream) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).map(|_| ())
}

/// Header of 24 bytes, the payload's length at 12, and the payload.
fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 24];
    stream.read_exact(&mut message)?;
    let length = u32::from_le_bytes(message[12..16].try_into().unwrap());
    message.resize(24 + usize::try_from(length).unwrap(), 0);
    stream.read_exact(&mut message[24..])?;
    Ok(message)
}

fn message(command: [u8; 4], arg0: u32, arg1: u32, payload: &[u8]) -> Vec<u8> {
    let command = u32::from_le_bytes(command);
    let length = u32::try_from(payload.len()).unwrap();
    let sum = payload.iter().copied().map(u32::from).sum();
    let head = [command, arg0, arg1, length, sum, !command];
    head.into_iter().flat_map(u32::to_le_bytes).chain(payload.iter().copied()).collect()
}

fn config(paired: Option<&str>) -> Arc<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let modulus = paired.map(|key| RsaPrivateKey::from_pkcs8_pem(key).unwrap().n().to_bytes_be());
    let verifier = Paired { provider: Arc::clone(&provider), modulus };
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])
        .unwrap()
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    Arc::new(config)
}

/// Takes the certificate of one key, whatever else stands in it, as a phone does.
#[derive(Debug)]
struct Paired {
    provider: Arc<CryptoProvider>,
    modulus: Option<Vec<u8>>,
}

impl ClientCertVerifier for Paired {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let holds = |modulus: &Vec<u8>| memchr::memmem::find(end_entity, modulus).is_some();
        if self.modulus.as_ref().is_some_and(holds) {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.3 only".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
