// A clamd in the test process: reads the protocol as the real one does, then answers as told.
//
//   ClamdStandIn clamd(ClamdStandIn::kFound);
//   MakeClamd(clamd.address())->Scan(path)         -> infected, "Eicar-Test-Signature"
//   clamd.received()                               // the bytes that were sent for judgement
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace aiguillage::web {

class ClamdStandIn {
 public:
  enum Manner {
    kOk,
    kFound,
    kError,
    kMute,      // takes everything and says nothing
    kDripping,  // a byte now and then, never an end
    kHalf,      // breaks off in mid-answer
    kHangsUp,   // in mid-question
  };

  explicit ClamdStandIn(Manner manner, const std::string& unix_path = "");
  ~ClamdStandIn();

  std::string address() const;
  void Be(Manner manner) { manner_ = manner; }
  std::string received() const;

 private:
  void Serve();
  void Converse(Poco::Net::StreamSocket& peer);

  Poco::Net::ServerSocket socket_;
  std::string unix_path_;
  std::atomic<Manner> manner_;
  std::atomic<bool> over_{false};
  mutable std::mutex mutex_;
  std::string received_;
  std::thread thread_;
};

}  // namespace aiguillage::web
