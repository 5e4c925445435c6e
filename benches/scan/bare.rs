//! The bare client: micheck's requests on the same runtime, answers read to their end and dropped.
//! Nobody who asks each phone through the server can be much faster than this.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Result;

/// How many connections may be opening at once, as in micheck: see docs/architecture.md.
const MAX_OPENING: usize = 16;

/// As much as micheck reads at once.
const READ_BYTES: usize = 64 << 10;

/// Of the length of micheck's own command.
const COMMAND: &str = "shell,v2,raw:\
    echo;echo 00000000000000000000000000000000+0;getprop 2>&1;e=$?;\
    echo;echo 00000000000000000000000000000000-0:$e;\
    echo;echo 00000000000000000000000000000000+1;dumpsys package com.xiaomi.mi_connect_service 2>&1;e=$?;\
    echo;echo 00000000000000000000000000000000-1:$e;\
    echo;echo 00000000000000000000000000000000.";

/// Asks every phone that the server lists, and once more what it lists: as micheck does, which must
/// know that the ids still meant the same phones.
pub(crate) fn be(server: SocketAddr) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(ask_all(server))
}

async fn ask_all(server: SocketAddr) -> Result<()> {
    let list = list(server).await?;
    let opening = Arc::new(Semaphore::new(MAX_OPENING));
    let mut phones = JoinSet::new();
    for id in list.lines().filter_map(|line| line.rsplit_once("transport_id:")) {
        let (id, opening) = (id.1.trim().to_owned(), Arc::clone(&opening));
        phones.spawn(async move {
            // An error of another task's can't be sent as it is.
            ask(server, &id, &opening).await.map_err(|error| error.to_string())
        });
    }
    while let Some(asked) = phones.join_next().await {
        asked??;
    }
    self::list(server).await?;
    Ok(())
}

async fn list(server: SocketAddr) -> Result<String> {
    let mut connection = open(server, "host:devices-l").await?;
    Ok(String::from_utf8(read_block(&mut connection).await?)?)
}

async fn ask(server: SocketAddr, id: &str, opening: &Semaphore) -> Result<()> {
    let place = opening.acquire().await?;
    let mut connection = open(server, &format!("host-transport-id:{id}:features")).await?;
    read_block(&mut connection).await?;
    let mut connection = open(server, &format!("host:transport-id:{id}")).await?;
    drop(place);
    request(&mut connection, COMMAND).await?;
    let mut buffer = vec![0; READ_BYTES];
    let mut bytes = 0;
    loop {
        match connection.read(&mut buffer).await? {
            0 if bytes < 1000 => return Err("a phone answered too little".into()),
            0 => return Ok(()),
            length => bytes += length,
        }
    }
}

async fn open(server: SocketAddr, text: &str) -> Result<TcpStream> {
    let mut connection = TcpStream::connect(server).await?;
    connection.set_nodelay(true)?;
    request(&mut connection, text).await?;
    Ok(connection)
}

async fn request(connection: &mut TcpStream, text: &str) -> Result<()> {
    connection.write_all(format!("{:04x}{text}", text.len()).as_bytes()).await?;
    let mut status = [0; 4];
    connection.read_exact(&mut status).await?;
    if status == *b"OKAY" { Ok(()) } else { Err(format!("{text}: refused").into()) }
}

async fn read_block(connection: &mut TcpStream) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    connection.read_exact(&mut length).await?;
    let mut block = vec![0; usize::from_str_radix(str::from_utf8(&length)?, 16)?];
    connection.read_exact(&mut block).await?;
    Ok(block)
}
